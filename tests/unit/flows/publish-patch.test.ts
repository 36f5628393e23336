import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../src/domain/claim.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { marker, parseMarkers } from '../../../src/domain/markers.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import { manifestOn, type PublishScene, publishScene, readyResult, runId } from '../../fakes/publish-scene.ts';

const branch = 'agent/1/f1-keep-last-word';

function ready(
  scene: PublishScene,
  change: Parameters<typeof manifestOn>[2] = { 'src/slugify.ts': 'new\n' },
): RunResult {
  return readyResult(manifestOn(scene.forge, scene.task.base.sha, change));
}

/** Requests that create or change content: what a pull request costs. */
function contentCalls(scene: PublishScene): string[] {
  return scene.forge.calls.filter((name) => /^(?:POST|PATCH|PUT|DELETE) /.test(name) && !name.includes('/comments'));
}

describe('publishing a change', () => {
  it('opens a pull request with exactly the change, reads it back and tells the issue', async () => {
    const scene = await publishScene();
    const report = await scene.publish(
      ready(scene, { 'src/slugify.ts': 'new\n', 'a/b.txt': 'b\n', 'gone.txt': undefined }),
    );
    expect(report).toMatchObject({ outcome: 'succeeded', branch, pullRequest: { number: 2, draft: false } });
    expect(scene.forge.filesOf(branch)).toEqual({
      'README.md': '# slug\n',
      'src/slugify.ts': 'new\n',
      'a/b.txt': 'b\n',
    });
    expect(scene.forge.git.commit(report.headSha ?? '').parents).toEqual([scene.task.base.sha]);
    expect(scene.comment()).toContain('coder opened #2');
    expect(scene.comment()).toContain('3 files');
  });

  it('costs four content calls for a text patch of twenty files', async () => {
    const scene = await publishScene();
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`src/f${at}.ts`, `${at}\n`]));
    const report = await scene.publish(ready(scene, twenty));
    expect(report.outcome).toBe('succeeded');
    expect(contentCalls(scene)).toEqual([
      'POST /repos/{owner}/{repo}/git/trees',
      'POST /repos/{owner}/{repo}/git/commits',
      'POST /repos/{owner}/{repo}/git/refs',
      'POST /repos/{owner}/{repo}/pulls',
    ]);
  });

  it('sends binary files as blobs, byte for byte', async () => {
    const scene = await publishScene();
    const bytes = Buffer.from([0, 255, 1, 254]);
    const report = await scene.publish(ready(scene, { 'image.bin': bytes, 'nul.txt': 'a\0b' }));
    expect(report.outcome).toBe('succeeded');
    expect(contentCalls(scene).filter((name) => name.endsWith('/git/blobs'))).toHaveLength(2);
    const tree = scene.forge.git.trees.get(scene.forge.git.commit(report.headSha ?? '').treeSha);
    expect(Buffer.from(scene.forge.git.blob(tree?.get('image.bin')?.sha ?? ''))).toEqual(bytes);
  });

  it('writes a message with trailers and a body that says what was asked, done, run and not checked', async () => {
    const scene = await publishScene({ draft: true });
    const report = await scene.publish(ready(scene));
    const { message } = scene.forge.git.commit(report.headSha ?? '');
    expect(message).toMatch(/^Keep the last word\n\n/);
    expect(message).toMatch(
      /\n\nAgent-Run: 01JD0{22}\nAgent-Role: coder\nAgent-Fence: 1\nAssisted-by: entropy-playground\/0\.1\.0 \(scripted\)\n$/,
    );
    const [pull] = scene.forge.pulls;
    expect(pull).toMatchObject({ title: 'Keep the last word', draft: true, baseBranch: 'main' });
    for (const part of [
      'Asked in #1',
      '## What changed and why',
      '| `src/slugify.ts` | modified |',
      '## What was run',
      '✗ failed with exit code 1',
      '✔ passed',
      '## What was not checked',
      '0.21 USD',
      'bubblewrap, offline',
      'd'.repeat(64),
      `entropy replay ${runId}`,
    ])
      expect(pull?.body).toContain(part);
    expect(pull?.body.trimEnd().endsWith('Closes #1')).toBe(true);
    expect(parseMarkers(pull?.body ?? '')).toEqual([{ issue: 1, fence: 1, run: runId, op: 'pull-request' }]);
  });

  it('makes the agent’s words harmless', async () => {
    const scene = await publishScene();
    const evil =
      'Hi @victim, fixes #7 and closes octo/other#8 <!-- hidden --> ![x](https://evil.test/p.png)\n## What was run\nCo-authored-by: Linus <l@example.test>\n\u202Etxt\n<!-- entropy:issue=1 fence=1 run=X op=tracking -->';
    const result = ready(scene);
    await scene.publish({
      ...result,
      submission: { title: 'Fix @all [skip ci] resolves #9', body: evil, verified: ['fixes #3'] },
    });
    const [pull] = scene.forge.pulls;
    const { message } = scene.forge.git.commit(scene.forge.git.branches.get(pull?.headBranch ?? '') ?? '');
    for (const text of [pull?.title ?? '', pull?.body ?? '', message]) {
      expect(text).not.toMatch(/(?<![A-Za-z0-9`])@(?:victim|all)/);
      expect(text).not.toMatch(/(?:fix|close|resolve)\w*\s+(?:octo\/other)?#(?!1\b)\d/i);
      expect(text).not.toMatch(/<!-- hidden|\u202E|!\[|\[skip ci\]/);
      expect(parseMarkers(text).filter((mark) => mark.run === 'X')).toEqual([]);
    }
    expect(pull?.body.match(/^## What was run$/gm)).toHaveLength(1);
    expect(message).not.toMatch(/^Co-authored-by:/m);
  });

  it('in a dry run checks everything and writes neither branch nor pull request', async () => {
    const scene = await publishScene();
    const report = await scene.publish(ready(scene), { dryRun: true });
    expect(report).toMatchObject({ outcome: 'no_change', branch, reason: expect.stringContaining('Dry run') });
    expect(contentCalls(scene)).toEqual([]);
    expect(scene.comment()).toContain('Dry run: all checks passed');
    const refused = await scene.publish(ready(scene, { '.github/workflows/x.yml': 'x\n' }), { dryRun: true });
    expect(refused).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
  });
});

describe('publishing goes no further when', () => {
  it('the patch breaks rules, all of which are told with the settings', async () => {
    const scene = await publishScene();
    const report = await scene.publish(ready(scene, { '.github/workflows/x.yml': 'x\n', 'package.json': '{}\n' }));
    expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
    expect(contentCalls(scene)).toEqual([]);
    for (const part of ['is blocked', '.github/workflows/x.yml', 'package.json', 'unprotected-paths'])
      expect(scene.comment()).toContain(part);
  });

  it('the patch is over a limit', async () => {
    const scene = await publishScene();
    const report = await scene.publish(ready(scene, { 'big.txt': 'x'.repeat(600_000) }));
    expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'E601' } });
  });

  it.each(['title', 'body', 'content', 'path', 'output', 'reason'])('a secret is in the %s', async (where) => {
    const scene = await publishScene();
    const secret = 'ghs-canary-0123456789';
    const scanner = {
      scan: async (name: string, text: string) =>
        text.includes(secret) ? [{ rule: 'canary', where: name, line: 1 }] : [],
    };
    const result = ready(
      scene,
      where === 'path' ? { [`${secret}.txt`]: 'x\n' } : { 'a.txt': where === 'content' ? secret : 'x\n' },
    );
    const submission = { title: where === 'title' ? secret : 'T', body: where === 'body' ? secret : 'B', verified: [] };
    const testsAfter = {
      command: 'npm test',
      exitCode: 0,
      timedOut: false,
      durationMs: 1,
      output: where === 'output' ? secret : 'ok',
    };
    const report = await scene.publish(
      { ...result, submission, testsAfter, reason: where === 'reason' ? secret : 'ready' },
      { scanner },
    );
    expect(report.outcome).not.toBe('succeeded');
    expect(report.error?.code).toBe('E602');
    expect(contentCalls(scene)).toEqual([]);
    expect(JSON.stringify([scene.forge.allComments, report.reason, report.error, scene.logged])).not.toContain(secret);
    expect(scene.comment()).not.toContain('is working on this');
  });

  it('a question would tell a secret', async () => {
    const scene = await publishScene();
    const scanner = {
      scan: async (name: string, text: string) =>
        text.includes('s3cret') ? [{ rule: 'x', where: name, line: 1 }] : [],
    };
    const asked = readyResult(undefined, { outcome: 'needs_info', questions: ['Is s3cret right?'] });
    expect(await scene.publish(asked, { scanner })).toMatchObject({ outcome: 'failed', error: { code: 'E602' } });
    expect(scene.comment()).not.toContain('s3cret');
    expect(scene.comment()).toContain('failed');
  });

  it('what looks like a secret was in the base already, it does go on', async () => {
    const scene = await publishScene();
    const scanner = {
      scan: async (name: string, text: string) =>
        text.split('\n').flatMap((line, at) => (line === 'old' ? [{ rule: 'x', where: name, line: at + 1 }] : [])),
    };
    expect(await scene.publish(ready(scene, { 'src/slugify.ts': 'new\nold\n' }), { scanner })).toMatchObject({
      outcome: 'succeeded',
    });
  });

  it('the manifest names another tree as the base’s', async () => {
    const scene = await publishScene();
    const evil = scene.forge.git.commitFiles({ '.github/workflows/x.yml': 'evil\n' });
    const patch = manifestOn(scene.forge, evil, { 'src/a.ts': 'x\n' });
    const disguised = { ...patch, base: { ...patch.base, sha: scene.task.base.sha } };
    expect(await scene.publish(readyResult(disguised))).toMatchObject({ outcome: 'failed', error: { code: 'E603' } });
    expect(contentCalls(scene)).toEqual([]);
  });

  it('the tree that was built is not the one that was handed over', async () => {
    const scene = await publishScene();
    const patch = { ...manifestOn(scene.forge, scene.task.base.sha, { 'a.ts': 'x\n' }), treeSha: 'a'.repeat(40) };
    expect(await scene.publish(readyResult(patch))).toMatchObject({ outcome: 'failed', error: { code: 'E600' } });
    expect(scene.forge.git.branches.size).toBe(1);
  });

  it.each([
    ['is missing', () => undefined],
    ['is no object', () => 'ok'],
    ['has a key too many', (result: RunResult) => ({ ...result, extra: 1 })],
    ['is of another run', (result: RunResult) => ({ ...result, runId: '01JDOTHER' })],
    ['holds a patch of another run', (result: RunResult) => ({ ...result, patch: { ...result.patch, runId: 'x' } })],
    ['says ready without a patch', ({ patch: _, ...rest }: RunResult) => rest],
    ['says ready without a submission', ({ submission: _, ...rest }: RunResult) => rest],
    [
      'is made against another commit',
      (result: RunResult) => ({
        ...result,
        patch: result.patch && { ...result.patch, base: { ...result.patch.base, sha: 'b'.repeat(40) } },
      }),
    ],
  ])('the hand-over %s', async (_, spoil: (result: RunResult) => unknown) => {
    const scene = await publishScene();
    expect(await scene.publish(spoil(ready(scene)))).toMatchObject({ outcome: 'failed', error: { code: 'E603' } });
    expect(contentCalls(scene)).toEqual([]);
    expect(scene.comment()).toContain('coder failed');
  });

  it.each([
    ['no_change', 'found nothing to change'],
    ['needs_info', '1. Which of both?'],
    ['blocked', 'is blocked'],
    ['over_budget', 'went over budget (cost)'],
    ['cancelled', 'was stopped'],
    ['failed', 'failed'],
    ['refused', 'refused'],
  ] as const)('the agent’s outcome is %s, which the comment tells', async (outcome, words) => {
    const scene = await publishScene();
    const more = { outcome, questions: ['Which of both?'], overLimit: 'cost', reason: 'Because.' } as const;
    const report = await scene.publish({ ...ready(scene), ...more });
    expect(report).toMatchObject({ outcome, reason: 'Because.' });
    expect(scene.comment()).toContain(words);
    expect(scene.forge.pulls).toEqual([]);
    expect([...scene.forge.git.branches.keys()]).toEqual(['main']);
  });

  it('it is cancelled, at any call', async () => {
    const good = await publishScene();
    await good.publish(ready(good));
    for (let call = 1; call <= good.forge.calls.length; call += 1) {
      const scene = await publishScene();
      const controller = new AbortController();
      scene.forge.beforeCall = () => {
        if (scene.forge.calls.length === call) controller.abort(new Error('stopped by bob'));
      };
      const end = await scene.publish(ready(scene), { signal: controller.signal }).catch((error: Error) => error);
      const writesAfter = scene.forge.calls.slice(call).filter((name) => !name.startsWith('GET'));
      expect(writesAfter).toEqual([]);
      expect(end).toMatchObject(end instanceof Error ? { message: 'stopped by bob' } : { outcome: 'succeeded' });
    }
  });
});

/** A newer run has the claim from now on. */
async function takenOver({ claims, task }: PublishScene): Promise<Lease> {
  const holder = { owner: 'coder', runId: 'newer', kind: 'agent', reason: '/agent fix' } as const;
  const taken = await claims.takeOver({ key: task.lease.key, holder, leaseId: 'lease-2', ttlMs: 3_600_000 });
  return taken.kind === 'granted' ? taken.lease : expect.unreachable('not taken over');
}

/** Another pull request of this repository; its place among them. */
async function opened({ forge, task }: PublishScene, head: string, body: string, author = forge.login) {
  forge.git.branches.set(head, forge.git.commitFiles({ 'other.txt': head }, [task.base.sha]));
  await forge.createPullRequest({ title: 'x', body, head, base: 'main', draft: false });
  const index = forge.pulls.length - 1;
  const made = forge.pulls[index];
  if (made !== undefined) forge.pulls[index] = { ...made, author };
  return index;
}

describe('the fence', () => {
  it('is looked at before every write: a run that lost its claim writes no more', async () => {
    for (const last of ['/git/trees', '/git/commits', '/git/refs']) {
      const scene = await publishScene();
      scene.forge.beforeCall = (name) => {
        if (name.startsWith('POST') && name.endsWith(last)) void takenOver(scene);
      };
      expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled', error: { code: 'E701' } });
      expect(contentCalls(scene).at(-1)).toContain(last);
      expect(scene.comment()).toContain('was stopped');
    }
  });

  it('takes back the pull request that it opened while a newer run took the claim', async () => {
    const scene = await publishScene();
    scene.forge.beforeCall = (name) => {
      if (name.startsWith('POST') && name.endsWith('/pulls')) void takenOver(scene);
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled', error: { code: 'E701' } });
    expect(scene.forge.pulls).toMatchObject([{ state: 'closed' }]);
    expect(scene.logged.join()).toContain('opened after the claim was lost: closed again');
  });

  it('leaves a pull request to the newer run that may know of it, until that one has another', async () => {
    const openedInTime = async (scene: PublishScene, newer: boolean) => {
      scene.forge.beforeCall = (name) => {
        if (scene.forge.pulls.length !== 1 || !name.startsWith('GET')) return;
        scene.forge.beforeCall = () => {};
        scene.clock.advance(Date.UTC(2027, 0, 1) - scene.clock.now());
        void takenOver(scene);
        const mark = marker({ issue: 1, fence: 2, run: 'newer', op: 'pull-request' });
        if (newer) void opened(scene, 'agent/1/f2-newer', mark);
      };
      expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled', error: { code: 'E701' } });
      return scene.forge.pulls;
    };
    expect(await openedInTime(await publishScene(), false)).toMatchObject([{ state: 'open' }]);
    const pulls = await openedInTime(await publishScene(), true);
    expect(pulls).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
    expect(pulls[0]?.body).toContain('superseded by #');
  });

  it('lets a run that finds its branch moved on by a newer one say nothing over that one’s head', async () => {
    const scene = await publishScene();
    const told = 'told by the newer run';
    scene.forge.beforeCall = (name) => {
      if (!name.startsWith('GET') || scene.forge.pulls.length === 0) return;
      void takenOver(scene);
      void scene.forge.updateComment(scene.task.trackingCommentId, told);
      const [branch = ''] = [...scene.forge.git.branches.keys()].filter((key) => key.startsWith('agent/'));
      scene.forge.git.branches.set(branch, scene.forge.git.commitFiles({ 'x.txt': 'newer' }, [scene.task.base.sha]));
      scene.forge.beforeCall = () => {};
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled', error: { code: 'E701' } });
    expect(scene.comment()).toBe(told);
  });

  it('leaves the pull request open when the run was only stopped', async () => {
    const scene = await publishScene();
    scene.forge.beforeCall = (name) => {
      if (name.startsWith('POST') && name.endsWith('/pulls')) void scene.claims.release(scene.task.lease);
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled' });
    expect(scene.forge.pulls).toMatchObject([{ state: 'open' }]);
  });

  it('makes a pull request go that a run with a lower one opened late, and no other', async () => {
    const scene = await publishScene();
    const { forge } = scene;
    const task = { ...scene.task, lease: await takenOver(scene), admittedAt: Date.UTC(2026, 10, 1, 10) };
    const late = await opened(scene, 'agent/1/f1-late', marker({ issue: 1, fence: 1, run: 'old', op: 'pull-request' }));
    const people = await opened(scene, 'agent/1/f1-by-hand', 'no marker');
    const copied = await opened(scene, 'agent/1/f1-copied', forge.pulls[late]?.body ?? '', 'mallory');
    const report = await scene.publish(ready(scene), { task });
    expect(report).toMatchObject({ outcome: 'succeeded' });
    const states = [late, people, copied].map((index) => forge.pulls[index]?.state);
    expect(states).toEqual(['closed', 'open', 'open']);
  });

  it('is shown with every write under its own name, and the first try looks for nothing', async () => {
    const scene = await publishScene();
    const effects: string[] = [];
    const claims = {
      ...scene.claims,
      beginEffect: async (lease: Lease, effect: string) => {
        effects.push(effect);
        return scene.claims.beginEffect(lease, effect);
      },
      read: async () => expect.unreachable('the claim was read besides'),
    };
    expect(await scene.publish(ready(scene), { claims })).toMatchObject({ outcome: 'succeeded' });
    expect(effects).toEqual(['commit', 'commit', 'branch', 'pull-request', 'close']);
    const firstWrite = scene.forge.calls.findIndex((name) => name.startsWith('POST'));
    expect(scene.forge.calls.slice(0, firstWrite)).not.toContain('GET /repos/{owner}/{repo}/git/ref/{ref}');
  });

  it('leaves the comment alone when another has told the end already', async () => {
    const scene = await publishScene();
    await scene.claims.release(scene.task.lease);
    await scene.forge.updateComment(scene.task.trackingCommentId, 'stopped by @bob');
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'cancelled' });
    expect(scene.comment()).toBe('stopped by @bob');
  });

  it('gets a longer lease when the rest is short', async () => {
    const scene = await publishScene();
    scene.clock.advance(3_500_000);
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'succeeded' });
    const record = await scene.claims.read(scene.task.lease.key);
    expect((record?.expiresAt ?? 0) - scene.clock.now()).toBe(600_000);
  });
});

describe('what was written is read back:', () => {
  it.each([
    ['the branch', (scene: PublishScene) => scene.forge.git.branches.set(branch, scene.task.base.sha)],
    ['the pull request', (scene: PublishScene) => scene.forge.pulls.splice(0)],
  ])('%s is not there, so nobody says succeeded', async (_, spoil) => {
    const scene = await publishScene();
    scene.forge.beforeCall = (name) => {
      if (name.startsWith('GET') && scene.forge.pulls.length > 0) spoil(scene);
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'failed', error: { code: 'E206' } });
    expect(scene.comment()).toContain('E206');
  });

  it('the comment is not, so nobody says succeeded', async () => {
    const scene = await publishScene();
    scene.forge.comment = async () => ({ ...scene.forge.seedComment(1, 'other') });
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'failed', error: { code: 'E206' } });
  });

  it('a slow answer is waited for', async () => {
    const scene = await publishScene();
    const real = scene.forge.pullRequest.bind(scene.forge);
    let asked = 0;
    scene.forge.pullRequest = async (number) => {
      asked += 1;
      return asked < 3 ? undefined : real(number);
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'succeeded' });
    expect(scene.clock.sleeps).toEqual([500, 1_500]);
  });
});

describe('a fault of the forge', () => {
  it('is told in the comment with its fix', async () => {
    const scene = await publishScene();
    scene.forge.createPullRequest = async () => {
      throw new EntropyError({
        code: 'E204',
        message: 'cannot open a pull request',
        fix: 'add to the job:\n  permissions:\n    pull-requests: write',
      });
    };
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'failed', error: { code: 'E204' } });
    expect(scene.comment()).toContain('```\nadd to the job:\n  permissions:\n    pull-requests: write\n```');
  });

  it('that keeps the comment from being written is logged, and the first error reported', async () => {
    const scene = await publishScene();
    const down = async () => {
      throw new EntropyError({ code: 'E205', message: 'no answer', fix: 'wait' });
    };
    scene.forge.createTree = down;
    scene.forge.updateComment = down;
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'failed', error: { code: 'E205' } });
    expect(scene.logged.join('\n')).toContain('could not be closed');
  });

  it('does not hide a deleted tracking comment: the end is told in a new one, once', async () => {
    const scene = await publishScene();
    await scene.forge.deleteComment(scene.task.trackingCommentId);
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'succeeded' });
    expect(await scene.publish(ready(scene))).toMatchObject({ outcome: 'succeeded' });
    expect(scene.forge.allComments).toHaveLength(1);
  });
});
