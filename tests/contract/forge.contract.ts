import { describe, expect, it } from 'vitest';
import type { Forge } from '../../src/ports/forge.ts';

/**
 * A repository `octo/slug` on `main` with `README.md` ("# slug\n") and `src/a.txt` ("one\n"); alice is its admin, carol
 * may read. The forge's own token may write contents, issues, pull requests and actions.
 */
export interface ForgeFixture extends AsyncDisposable {
  readonly forge: Forge;
  openIssue(by: string, issue: { readonly title: string; readonly body: string }): Promise<number>;
  commentAs(login: string, issue: number, body: string): Promise<number>;
  startRun(): Promise<number>;
  endRun(id: number): Promise<void>;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What every forge promises. */
export function forgeContract(name: string, open: () => Promise<ForgeFixture>): void {
  describe(`${name} as a forge`, () => {
    it('tells the default branch, its head, and what people may do', async () => {
      await using at = await open();
      expect(await at.forge.defaultBranch()).toBe('main');
      expect(await at.forge.isPublic()).toBe(true);
      expect(await headOf(at.forge, 'main')).toMatch(/^[0-9a-f]{40}$/);
      expect(await at.forge.branchHead('nowhere')).toBeUndefined();
      expect(await at.forge.permissionOf('alice')).toBe('admin');
      expect(await at.forge.permissionOf('carol')).toBe('read');
      expect(await at.forge.permissionOf('nobody-by-this-name')).toBe('none');
    });

    it('takes nobody for a member of a team that it may not look into', async () => {
      await using at = await open();
      expect(await at.forge.isTeamMember({ org: 'octo', slug: 'agents' }, 'alice')).toBe('cannot-tell');
    });

    it('lists all files of a commit by git’s ids, and gives the bytes of each', async () => {
      await using at = await open();
      const head = await headOf(at.forge, 'main');
      const files = (await at.forge.filesAt(head)) ?? new Map();
      expect(files.size).toBeGreaterThan(0);
      for (const [path, { sha, kind, sizeBytes }] of files) {
        const bytes = await at.forge.blob(sha);
        expect([kind, bytes.length]).toEqual(['file', sizeBytes]);
        expect(Buffer.from(bytes)).toEqual(Buffer.from((await at.forge.file(path, head)) ?? []));
      }
      await expect(at.forge.blob('0'.repeat(40))).rejects.toMatchObject({ code: 'E202' });
    });

    it('reads an issue, and refuses one that is not there with E202', async () => {
      await using at = await open();
      const number = await at.openIssue('carol', { title: 'It is wrong', body: 'Very.' });
      expect(await at.forge.issue(number)).toMatchObject({
        number,
        title: 'It is wrong',
        body: 'Very.',
        author: 'carol',
        state: 'open',
        locked: false,
        isPullRequest: false,
        labels: [],
      });
      await expect(at.forge.issue(4711)).rejects.toMatchObject({ code: 'E202' });
    });

    it('knows its own comments from those of people', async () => {
      await using at = await open();
      const number = await at.openIssue('alice', { title: 't', body: '' });
      // Before anything was written, too.
      for (const author of ['alice', 'other-app[bot]', 'dependabot[bot]', ''])
        expect(await at.forge.isOwnAuthor(author)).toBe(false);
      const { author } = await at.forge.createComment(number, 'ours');
      expect(await at.forge.isOwnAuthor(author)).toBe(true);
      expect(await at.forge.isOwnAuthor('other-app[bot]')).toBe(false);
      expect(await at.forge.isOwnAuthor('carol')).toBe(false);
    });

    it('merges the head that was looked at, and no other', async () => {
      await using at = await open();
      const { forge } = at;
      const base = await headOf(forge, 'main');
      const one = await commitOn(forge, base, 'one');
      const two = await commitOn(forge, one, 'two');
      await forge.createBranch('agent/1/f1-x', one);
      const made = await forge.createPullRequest({
        title: 't',
        body: '',
        head: 'agent/1/f1-x',
        base: 'main',
        draft: false,
      });
      if (made.kind !== 'created') throw new Error('there is one already');
      const { number } = made.pull;
      await forge.updateBranch('agent/1/f1-x', two);
      expect(await forge.mergePullRequest(number, { sha: one, method: 'merge' })).toEqual({ kind: 'head-moved' });
      expect(await headOf(forge, 'main')).toBe(base);
      const merged = await forge.mergePullRequest(number, { sha: two, method: 'merge' });
      expect(merged).toEqual({ kind: 'merged', sha: await headOf(forge, 'main') });
      expect(await forge.pullRequest(number)).toMatchObject({ state: 'closed', merged: true });
      const again = await forge.mergePullRequest(number, { sha: base, method: 'merge' });
      expect(again.kind).toBe('refused');
    });

    it('closes a pull request', async () => {
      await using at = await open();
      const { forge } = at;
      await forge.createBranch('agent/1/f1-x', await commitOn(forge, await headOf(forge, 'main'), 'one'));
      const made = await forge.createPullRequest({
        title: 't',
        body: '',
        head: 'agent/1/f1-x',
        base: 'main',
        draft: false,
      });
      if (made.kind !== 'created') throw new Error('there is one already');
      await forge.updatePullRequest(made.pull.number, { state: 'closed' });
      expect(await forge.pullRequest(made.pull.number)).toMatchObject({ state: 'closed', merged: false });
      expect(await forge.openPullRequests('agent/1/f1-x')).toEqual([]);
    });

    it('keeps comments in order, edits them in place, and finds none where one was deleted', async () => {
      await using at = await open();
      const number = await at.openIssue('alice', { title: 't', body: '' });
      const first = await at.commentAs('carol', number, 'first');
      const second = await at.forge.createComment(number, 'second');
      expect((await at.forge.comments(number)).map(({ id, body }) => [id, body])).toEqual([
        [first, 'first'],
        [second.id, 'second'],
      ]);
      expect((await at.forge.updateComment(second.id, 'changed')).body).toBe('changed');
      expect((await at.forge.comment(second.id))?.body).toBe('changed');
      await at.forge.deleteComment(second.id);
      expect(await at.forge.comment(second.id)).toBeUndefined();
      expect(await at.forge.comments(number)).toHaveLength(1);
    });

    it('reads a long discussion to its end', async () => {
      await using at = await open();
      const number = await at.openIssue('alice', { title: 't', body: '' });
      for (let index = 0; index < 103; index += 1) await at.commentAs('alice', number, `comment ${index}`);
      const comments = await at.forge.comments(number);
      expect(comments).toHaveLength(103);
      expect(comments.at(-1)?.body).toBe('comment 102');
    });

    it('takes a reaction twice without complaint', async () => {
      await using at = await open();
      const number = await at.openIssue('alice', { title: 't', body: '' });
      const comment = await at.commentAs('alice', number, '/agent fix');
      await at.forge.reactToComment(comment, 'eyes');
      await at.forge.reactToComment(comment, 'eyes');
    });

    it('reads files at a branch and at a commit, byte for byte', async () => {
      await using at = await open();
      const head = await headOf(at.forge, 'main');
      expect(bytes(await at.forge.file('src/a.txt', 'main'))).toEqual(bytes(encoded('one\n')));
      expect(bytes(await at.forge.file('README.md', head))).toEqual(bytes(encoded('# slug\n')));
      expect(await at.forge.file('.github/entropy.yml', 'main')).toBeUndefined();
    });

    it('writes blobs, trees, commits and a branch, which then hold what was written', async () => {
      await using at = await open();
      const { forge } = at;
      const head = await headOf(forge, 'main');
      const { treeSha } = await forge.commit(head);
      const blob = await forge.createBlob(Uint8Array.from([0, 255, 10]));
      const tree = await forge.createTree(treeSha, [
        { kind: 'text', path: 'src/b.txt', mode: '100644', content: 'zwei ü\r\n' },
        { kind: 'text', path: 'run.sh', mode: '100755', content: '#!/bin/sh\n' },
        { kind: 'blob', path: 'bin', mode: '100644', sha: blob },
        { kind: 'delete', path: 'src/a.txt' },
      ]);
      const commit = await forge.createCommit({ message: 'change', treeSha: tree, parents: [head] });
      expect(commit).toMatchObject({ treeSha: tree, parents: [head] });
      expect(await forge.createBranch('agent/1/f1-x', commit.sha)).toBe('created');
      expect(await forge.commit(commit.sha)).toEqual(commit);
      expect(bytes(await forge.file('src/b.txt', 'agent/1/f1-x'))).toEqual(bytes(encoded('zwei ü\r\n')));
      expect(bytes(await forge.file('bin', 'agent/1/f1-x'))).toEqual([0, 255, 10]);
      expect(await forge.file('src/a.txt', 'agent/1/f1-x')).toBeUndefined();
      expect(bytes(await forge.file('README.md', 'agent/1/f1-x'))).toEqual(bytes(encoded('# slug\n')));
    });

    it('tells every path that a commit changes, of a file that takes the place of a folder as well', async () => {
      await using at = await open();
      const { forge } = at;
      const head = await headOf(forge, 'main');
      const { treeSha } = await forge.commit(head);
      const many = Array.from({ length: 320 }, (_, index) => `many/${index}.txt`);
      const text = (path: string) => ({ kind: 'text', path, mode: '100644', content: `${path}\n` }) as const;
      const tree = await forge.createTree(treeSha, [text('src'), ...many.map(text)]);
      const commit = await forge.createCommit({ message: 'change', treeSha: tree, parents: [head] });
      const changed = await forge.changedPaths(commit.sha);
      expect(changed).toContain('src/a.txt');
      expect([...changed].sort()).toEqual(expect.arrayContaining(['src', ...many].sort()));
    });

    it('creates a branch once and moves it only forward', async () => {
      await using at = await open();
      const { forge } = at;
      const head = await headOf(forge, 'main');
      const left = await commitOn(forge, head, 'left.txt');
      const right = await commitOn(forge, head, 'right.txt');
      expect(await forge.createBranch('agent/1/f1-x', head)).toBe('created');
      expect(await forge.createBranch('agent/1/f1-x', left)).toBe('exists');
      expect(await forge.updateBranch('agent/1/f1-x', left)).toBe('updated');
      expect(await forge.updateBranch('agent/1/f1-x', right)).toBe('not-fast-forward');
      expect(await forge.updateBranch('agent/1/f2-y', right)).toBe('missing');
      expect(await forge.branchHead('agent/1/f1-x')).toBe(left);
    });

    it('lists branches by the beginning of their name', async () => {
      await using at = await open();
      const head = await headOf(at.forge, 'main');
      for (const branch of ['agent/1/f1-x', 'agent/1/f2-y', 'agent/11/f1-z']) await at.forge.createBranch(branch, head);
      const found = await at.forge.branchesWithPrefix('agent/1/');
      expect(found.map(({ name: branch }) => branch).sort()).toEqual(['agent/1/f1-x', 'agent/1/f2-y']);
      expect(found[0]?.sha).toBe(head);
      expect(await at.forge.branchesWithPrefix('robot/')).toEqual([]);
    });

    it('opens one pull request for a branch, reads it back and edits it', async () => {
      await using at = await open();
      const { forge } = at;
      const sha = await commitOn(forge, await headOf(forge, 'main'), 'new.txt');
      await forge.createBranch('agent/1/f1-x', sha);
      expect(await forge.openPullRequests('agent/1/f1-x')).toEqual([]);
      const wanted = { title: 'Add it', body: 'Closes #1', head: 'agent/1/f1-x', base: 'main', draft: true } as const;
      const made = await forge.createPullRequest(wanted);
      if (made.kind !== 'created') throw new Error('not created');
      expect(made.pull).toMatchObject({
        title: 'Add it',
        draft: true,
        headSha: sha,
        baseBranch: 'main',
        merged: false,
      });
      expect(await forge.createPullRequest(wanted)).toEqual({ kind: 'exists' });
      expect(await forge.pullRequest(made.pull.number)).toMatchObject({ headBranch: 'agent/1/f1-x', state: 'open' });
      expect(await forge.openPullRequests('agent/1/f1-x')).toHaveLength(1);
      const edited = await forge.updatePullRequest(made.pull.number, { body: 'More' });
      expect(edited).toMatchObject({ body: 'More', title: 'Add it' });
      expect(await forge.pullRequest(4711)).toBeUndefined();
    });

    it('tells how a workflow run is, and cancels one that runs', async () => {
      await using at = await open();
      const run = await at.startRun();
      expect(await at.forge.workflowRun(run)).toMatchObject({ id: run, attempt: 1, status: 'in_progress' });
      expect(await at.forge.cancelWorkflowRun(run)).toBe('cancelling');
      await at.endRun(run);
      expect(await at.forge.workflowRun(run)).toMatchObject({ status: 'completed' });
      expect(await at.forge.cancelWorkflowRun(run)).toBe('ended');
      expect(await at.forge.workflowRun(987_654_321)).toBeUndefined();
      expect(await at.forge.cancelWorkflowRun(987_654_321)).toBe('missing');
    });

    it('counts its requests by endpoint', async () => {
      await using at = await open();
      await at.forge.defaultBranch();
      await at.forge.defaultBranch();
      expect(at.forge.requestCounts()).toEqual({ 'GET /repos/{owner}/{repo}': 2 });
    });
  });
}

export async function headOf(forge: Forge, branch: string): Promise<string> {
  const sha = await forge.branchHead(branch);
  if (sha === undefined) throw new Error(`no branch ${branch}`);
  return sha;
}

/** A commit on top of another that adds one file. */
export async function commitOn(forge: Forge, parent: string, path: string): Promise<string> {
  const { treeSha } = await forge.commit(parent);
  const tree = await forge.createTree(treeSha, [{ kind: 'text', path, mode: '100644', content: path }]);
  return (await forge.createCommit({ message: `write ${path}`, treeSha: tree, parents: [parent] })).sha;
}

function bytes(content: Uint8Array | undefined): number[] {
  return [...(content ?? [])];
}
