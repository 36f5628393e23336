import { expect, it } from 'vitest';
import { marker } from '../../../src/domain/markers.ts';
import type { KnownFinding } from '../../../src/domain/reports/open-finding.ts';
import { findingComment } from '../../../src/domain/review/finding-comment.ts';
import { placeFindings } from '../../../src/domain/review/placed-finding.ts';
import type { Publisher } from '../../../src/flows/publish-run.ts';
import { findingsOf, readRounds } from '../../../src/flows/read-rounds.ts';
import { Killed } from '../../fakes/fake-forge.ts';
import { manifestOn, publishScene, readyResult } from '../../fakes/publish-scene.ts';
import { diffOfPull } from '../../fakes/reported-scene.ts';

const branch = 'agent/1/f0-earlier';

/** An agent's pull request with a review of ours: two findings on lines, and one of mallory that looks like ours. */
async function reviewedScene() {
  const scene = await publishScene();
  const { forge, task } = scene;
  const headSha = forge.git.commitFiles({ 'README.md': '# slug\n', 'src/slugify.ts': 'one\n', 'gone.txt': 'x\n' }, [
    task.base.sha,
  ]);
  forge.git.branches.set(branch, headSha);
  const made = await forge.createPullRequest({
    title: 'Earlier',
    body: 'earlier',
    head: branch,
    base: 'main',
    draft: false,
  });
  const pull = made.kind === 'created' ? made.pull.number : 0;
  const path = 'src/slugify.ts';
  const placed = placeFindings(
    [
      { path, line: 2, severity: 'major', category: 'correctness', title: 'Wrong word', body: 'It is.' },
      { path, line: 3, severity: 'minor', category: 'naming', title: 'Call it limit', body: 'Yes.' },
    ],
    { files: diffOfPull, complete: true },
  );
  const run = { issue: pull, fence: 1, run: '01JC' };
  const comments = placed.map((each, at) => ({
    path,
    line: 2 + at,
    body: findingComment(each, { run, round: 1, outgoing: { issue: pull } }),
  }));
  const body = `${marker({ ...run, op: 'review' })}\nRound one.`;
  forge.reviews.seed(pull, forge.login, { event: 'REQUEST_CHANGES', commitSha: headSha, body, comments });
  const findings: readonly KnownFinding[] = findingsOf(await readRounds(forge, pull), pull);
  forge.calls.splice(0);
  const continues = { branch, headSha, pullRequest: pull };
  const going = { ...task, continues, brief: { reasons: [{ kind: 'findings', findings, round: 1 }] } } as const;
  const [one, two] = findings;
  const answers = [
    { fingerprint: one?.fingerprint ?? '', answer: 'fixed', why: 'The limit counts the separator. @octo/all fixes #7' },
    { fingerprint: two?.fingerprint ?? '', answer: 'refuted', why: 'The spec calls it so.' },
    { fingerprint: 'f'.repeat(16), answer: 'refuted', why: 'Nobody asked.' },
  ] as const;
  const submission = { title: 'Answer', body: 'Answered.', verified: [], answers };
  const publish = (publisher: Partial<Publisher> = {}) =>
    scene.publish(readyResult(manifestOn(forge, headSha, { 'src/slugify.ts': 'two\n' }), { submission }), {
      task: going,
      ...publisher,
    });
  const replies = () => forge.reviews.allComments.filter(({ inReplyTo }) => inReplyTo !== undefined);
  return { ...scene, findings, publish, replies };
}

it('tells each answer under its finding, once, and hands all of them on', async () => {
  const scene = await reviewedScene();
  const published = await scene.publish();
  expect(published.stage).toMatchObject({ kind: 'changed', answers: [{ answer: 'fixed' }, { answer: 'refuted' }, {}] });
  const [one, two, ...more] = scene.replies();
  expect(more).toEqual([]);
  expect(one).toMatchObject({ inReplyTo: scene.findings[0]?.commentId });
  expect(one?.body).toContain(`In ${published.headSha?.slice(0, 12)}.`);
  expect(one?.body.replace(/`[^`]*`/g, '')).not.toMatch(/@octo|fixes #7/i);
  expect(two?.body).toContain('The spec calls it so.');
  expect(scene.forge.reviews.resolved.size).toBe(0);
});

it('tells each answer once, wherever the publisher was killed', async () => {
  for (let call = 1, more = true; more; call += 1) {
    for (const when of ['before', 'after'] as const) {
      const scene = await reviewedScene();
      scene.forge.dieOn = { call, when };
      const end = await scene.publish().catch((error: unknown) => error);
      scene.forge.dieOn = undefined;
      more = end instanceof Killed;
      if (more) await scene.publish();
      expect(scene.replies()).toHaveLength(2);
    }
  }
});

it('is blocked when an answer would tell a secret', async () => {
  const scene = await reviewedScene();
  const scan = async (where: string, text: string) =>
    text.includes('The spec') ? [{ rule: 'x', where, line: 1 }] : [];
  expect(await scene.publish({ scanner: { scan } })).toMatchObject({ outcome: 'blocked', error: { code: 'E602' } });
  expect(scene.replies()).toEqual([]);
});
