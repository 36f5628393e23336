import { describe, expect, it } from 'vitest';
import { configText } from '../../../../src/cli/init/config-text.ts';
import { examinePolicy } from '../../../../src/runtime/policy-report.ts';

const text = configText({ setup: 'npm ci', test: 'npm test', model: 'claude-opus-4-8', allowUsers: ['alice'] });
const offered = ['who', 'paths.review-required', 'network', 'models'];

describe('the configuration that init writes', () => {
  it('is one that nothing is wrong with, as it is and with all that it offers', async () => {
    expect((await examinePolicy(text)).findings).toEqual([]);
    const taken = text.replaceAll(/^( *)# ((?:who|review-required|network|models): )/gm, '$1$2');
    const { findings, settings } = await examinePolicy(taken);
    expect(findings).toEqual([]);
    expect(settings.values).toMatchObject({
      who: { approve: ['maintain'] },
      reviewPaths: ['migrations/**'],
      setupNetwork: ['npm'],
      allowedModels: ['claude-opus-4-8'],
    });
  });

  it.each(offered)('says in a line what %s is for', (name) => {
    const key = name.split('.').at(-1);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.trimStart().startsWith(`# ${key}: `));
    expect(at).toBeGreaterThan(0);
    expect(lines[at - 1]?.trimStart()).toMatch(/^# [A-Z].{20,}\.$/);
  });

  it('links the policy, and says which branch people, limits and paths are read from', () => {
    expect(text).toMatch(/^# What agents may do: https:\S+\/docs\/policy\.md$/m);
    expect(text).toMatch(/^# People, limits, paths.* default branch alone/m);
  });
});
