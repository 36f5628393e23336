import { describe, expect, it } from 'vitest';
import { cliPlace } from './cli-place.ts';
import { sampleScript } from './sample-copy.ts';
import { openStage, type Stage } from './stage.ts';

function environmentOf(stage: Stage, login: string) {
  const { apiUrl, url } = stage.github;
  return { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: url, GITHUB_TOKEN: stage.github.userToken(login) };
}

const run = (issue: number) => [
  'run',
  '--github',
  'octo/slug',
  '--issue',
  String(issue),
  '--model',
  `scripted:${sampleScript}`,
];

describe('run --github, with the token of a person', () => {
  it('opens the pull request, closes comment and claim, and leaves nothing on the machine but the kept run', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const issue = await stage.openIssue();
    const { code, report } = await place.run(run(issue), { env: environmentOf(stage, 'alice') });
    const [pull, ...others] = await stage.pulls();
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      outcome: 'succeeded',
      branch: 'agent/1/f1-keep-last-word-when-limit-falls',
      headSha: pull?.head.sha,
      pullRequest: { number: pull?.number, draft: false },
      filesChanged: ['src/slugify.js'],
    });
    expect(code).toBe(0);
    expect(await stage.tracking(issue)).toContain(`coder opened #${pull?.number}`);
    expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 1 });
    expect(place.leftovers()).toEqual([]);
    expect(place.keptRuns()).toEqual([report.runId]);
  });

  it('refuses a person who may only read, and takes no claim', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const issue = await stage.openIssue();
    const { code, report } = await place.run(run(issue), { env: environmentOf(stage, 'carol') });
    // GitHub tells permissions only to people who may push; it is asked with this very person's token.
    expect(report.error).toMatchObject({ code: 'E204', message: expect.stringContaining('permission of carol') });
    expect(code).toBe(4);
    expect(await stage.pulls()).toEqual([]);
    expect(await stage.claim(issue)).toBeUndefined();
    expect(place.leftovers()).toEqual([]);
  });

  it('says which issue is not there, and which token is not accepted', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const missing = await place.run(run(99), { env: environmentOf(stage, 'alice') });
    expect(missing.report.error).toMatchObject({ code: 'E202' });
    expect(missing.code).toBe(2);
    const wrong = { ...environmentOf(stage, 'alice'), GITHUB_TOKEN: `ghp_${'x'.repeat(36)}` };
    const refused = await place.run(run(1), { env: wrong });
    expect(refused.report.error).toMatchObject({ code: 'E201' });
    expect(refused.code).toBe(4);
    expect(JSON.stringify(refused)).not.toContain('x'.repeat(36));
  });
});
