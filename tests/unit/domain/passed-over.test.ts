import { describe, expect, it } from 'vitest';
import { trackingFacts } from '../../../src/domain/outcome-text.ts';
import { boundPassedOver, maxPassedOver } from '../../../src/domain/passed-over.ts';
import { passedOverText } from '../../../src/domain/passed-over-text.ts';
import { pullRequestBody, pullRequestUpdate } from '../../../src/domain/pull-request-text.ts';
import { renderStepSummary } from '../../../src/domain/step-summary.ts';
import { renderTrackingComment } from '../../../src/domain/tracking-comment.ts';
import { parseRunResult } from '../../../src/flows/run-result-schema.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { sampleTask } from '../../fakes/sample-task.ts';

const passedOver = [{ rung: 'bubblewrap', reason: 'bwrap not found', fix: 'sudo apt-get install bubblewrap' }] as const;
const result = readyResult(undefined, { sandbox: { rung: 'unshare', description: 'unshare, offline', passedOver } });
const manifest = { schema: 1, runId: 'x', base: { sha: 'a', treeSha: 'b' }, treeSha: 'c', files: [] } as const;

describe('why a stronger sandbox was passed over', () => {
  const task = sampleTask();
  const { reason, outcome, model } = result;
  const { issue, runId, budget } = task;
  const summary = { outcome, reason, model, runId, budget, fence: 1, issue: { ...issue, url: task.links.issue } };

  it.each([
    ['pull request', () => pullRequestBody({ task, result, manifest })],
    ['update of a pull request', () => pullRequestUpdate({ task, result, manifest })],
    ['comment', () => renderTrackingComment({ ...trackingFacts(task, result), state: { kind: 'no_change', reason } })],
    ['step summary', () => renderStepSummary({ ...summary, passedOver })],
  ])('is told in the %s, with what would help', (_where, text) => {
    expect(text()).toContain('**bubblewrap** cannot be had: `bwrap not found`');
    expect(text()).toContain('sudo apt-get install bubblewrap');
  });

  it('comes through the hand-over, which holds no more of it than its bounds', async () => {
    expect((await parseRunResult(result)).sandbox).toEqual(result.sandbox);
    const long = { rung: 'docker', reason: 'r'.repeat(9_999), fix: 'f'.repeat(9_999) } as const;
    const bounded = boundPassedOver(Array.from({ length: 20 }, () => long));
    expect(bounded).toHaveLength(maxPassedOver.rungs);
    const sandbox = { ...result.sandbox, passedOver: bounded };
    expect((await parseRunResult({ ...result, sandbox })).sandbox.passedOver).toEqual(bounded);
    await expect(parseRunResult({ ...result, sandbox: { ...sandbox, passedOver: [long] } })).rejects.toThrow(
      /E603|hand-over/,
    );
  });

  it('does nothing where it is shown, whatever programs of the machine said', () => {
    const text = passedOverText([{ rung: 'docker', reason: '`@all`\n# x </details>', fix: '```\n</details> @all' }]);
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([]);
    expect(text).toContain("`'@all' # x </details>`");
    expect(text).toContain('````text\n```\n</details> @all\n````');
  });

  it('is nothing where the strongest one was taken', () => {
    expect(passedOverText([])).toBe('');
    expect(passedOverText(undefined)).toBe('');
  });
});
