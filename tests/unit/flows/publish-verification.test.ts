import { describe, expect, it } from 'vitest';
import type {
  VerificationEvidence,
  VerificationReport,
  VerificationVerdict,
} from '../../../src/domain/reports/verification-report.ts';
import type { TestRun } from '../../../src/domain/test-run.ts';
import { manifestOn } from '../../fakes/publish-scene.ts';
import { pullNumber, type ReportedScene, reportedScene } from '../../fakes/reported-scene.ts';

const report: VerificationReport = {
  kind: 'verification',
  summary: 'The last word, against the first sentence of the issue.',
  command: 'node --test test/last.test.js',
  notVerified: ['limits of zero'],
};
const test = 'import "x";\n```\n<!-- entropy:issue=2 fence=1 run=01JD op=verification -->\n';

function ran(exitCode: number | null, output = ''): TestRun {
  return { command: 'node --test', exitCode, timedOut: false, durationMs: 1_200, output };
}

function evidenceOf(scene: ReportedScene, more: Partial<VerificationEvidence> = {}): VerificationEvidence {
  const tests = manifestOn(scene.forge, scene.task.pull?.headSha ?? '', { 'test/last.test.js': test });
  return {
    tests,
    onBase: ran(1, 'not ok 1 - keeps the last word\n  expected a-b, got a'),
    onHead: ran(0, 'ok 1'),
    suiteOnBase: ran(0),
    suiteOnHead: ran(0),
    ...more,
  };
}

function told({ forge }: ReportedScene): string {
  const found = forge.allComments.filter(
    ({ snapshot }) => snapshot.body.startsWith('<!--') && snapshot.body.split('\n', 1)[0]?.includes('op=verification'),
  );
  expect(found.map(({ issue }) => issue)).toEqual([pullNumber]);
  return found[0]?.snapshot.body ?? '';
}

describe('the verdict on a pull request', () => {
  it('is told with what was measured, how it failed and the test, on the pull request', async () => {
    const scene = await reportedScene('verification');
    const published = await scene.deliver(report, { result: { evidence: evidenceOf(scene) } });
    expect(published).toMatchObject({
      outcome: 'succeeded',
      stage: { kind: 'verified', verdict: 'confirmed', headSha: scene.task.pull?.headSha },
    });
    expect(published.stage).not.toHaveProperty('failing');
    const text = told(scene);
    expect(text).toContain('### 🤖 tester: confirmed ✔');
    expect(text).toMatch(
      /\| the new test \| `node --test` \| ✗ failed with exit code 1 \(1\.2 s\) \| ✔ passed in 1 s \|/,
    );
    expect(text).toContain('expected a-b, got a');
    expect(text).toContain('+import "x";');
    expect(text).toContain('- limits of zero');
    expect(text.match(/<!--/g)).toHaveLength(1);
    expect(scene.comment()).toContain('tester verified #2: confirmed ✔');
  });

  it.each<readonly [VerificationVerdict, Partial<VerificationEvidence>, boolean]>([
    ['not-fixed', { onHead: ran(1, 'still wrong') }, true],
    ['not-reproduced', { onBase: ran(0) }, false],
    ['regressed', { suiteOnHead: ran(1, '3 failed') }, true],
    ['regressed', { onBase: ran(0), onHead: ran(1, 'worse') }, true],
  ])('%s gives the coder what fails where it has to act', async (verdict, more, acts) => {
    const scene = await reportedScene('verification');
    const evidence = evidenceOf(scene, more);
    const { stage } = await scene.deliver(report, { result: { evidence } });
    expect(stage).toMatchObject({ kind: 'verified', verdict });
    const run = more.onHead ?? more.suiteOnHead;
    const failing = acts ? { tests: evidence.tests, run, summary: report.summary } : undefined;
    expect(stage?.kind === 'verified' ? stage.failing : 'none').toEqual(failing);
    expect(told(scene)).not.toContain('confirmed');
  });

  it('is none, and never a green one, where nothing was measured', async () => {
    const scene = await reportedScene('verification');
    const evidence = { missing: 'the sandbox runs no commands' };
    const published = await scene.deliver({ ...report, summary: '✔ All tests pass!' }, { result: { evidence } });
    expect(published).toMatchObject({ outcome: 'no_change', stage: { verdict: 'unproven' } });
    expect(told(scene)).toContain('tester: not verified');
    expect(told(scene)).toContain('Not measured: the sandbox runs no commands');
    expect(scene.comment()).toContain('verified #2: not verified');
  });

  it('says when the pull request has moved since', async () => {
    const scene = await reportedScene('verification');
    const { forge } = scene;
    const head = forge.git.commitFiles({ a: 'b' }, [scene.task.pull?.headSha ?? '']);
    forge.git.branches.set('feature/limit', head);
    await scene.deliver(report, { result: { evidence: evidenceOf(scene) } });
    expect(told(scene)).toContain(`It is at \`${head.slice(0, 10)}\` by now, which nobody has looked at.`);
  });

  it('is nothing to tell when the pull request was closed meanwhile', async () => {
    const scene = await reportedScene('verification');
    await scene.forge.updatePullRequest(pullNumber, { state: 'closed' });
    const published = await scene.deliver(report, { result: { evidence: evidenceOf(scene) } });
    expect(published).toMatchObject({ outcome: 'no_change', stage: { kind: 'ended', outcome: 'no_change' } });
  });
});

describe('the tester’s test', () => {
  it('keeps the rules that every patch keeps', async () => {
    const scene = await reportedScene('verification');
    const tests = manifestOn(scene.forge, scene.task.pull?.headSha ?? '', { '.github/workflows/x.yml': 'on: push\n' });
    const published = await scene.deliver(report, { result: { evidence: evidenceOf(scene, { tests }) } });
    expect(published).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
    expect(scene.forge.allComments).toHaveLength(1);
  });

  it('is of this run and on the head that was looked at', async () => {
    const scene = await reportedScene('verification');
    const tests = manifestOn(scene.forge, scene.task.base.sha, { 'a.test.js': 'x\n' });
    const published = await scene.deliver(report, { result: { evidence: evidenceOf(scene, { tests }) } });
    expect(published).toMatchObject({ outcome: 'failed', error: { code: 'E603' } });
  });

  it('is shown as a difference to what was there', async () => {
    const scene = await reportedScene('verification');
    const tests = manifestOn(scene.forge, scene.task.pull?.headSha ?? '', {
      'src/slugify.ts': 'one\n2\nthree\nfour\nfive\n',
    });
    await scene.deliver(report, { result: { evidence: evidenceOf(scene, { tests }) } });
    expect(told(scene)).toContain('```diff\n@@ -1,5 +1,5 @@\n one\n-two\n+2\n three');
  });
});

it('withholds a verdict that would tell a secret', async () => {
  const scene = await reportedScene('verification');
  const scanner = {
    scan: async (where: string, text: string) => (text.includes('hunter2') ? [{ rule: 'x', where, line: 1 }] : []),
  };
  const evidence = evidenceOf(scene, { onBase: ran(1, 'Error: token hunter2') });
  const published = await scene.deliver(report, { result: { evidence }, publisher: { scanner } });
  expect(published).toMatchObject({ outcome: 'blocked', error: { code: 'E602' } });
});
