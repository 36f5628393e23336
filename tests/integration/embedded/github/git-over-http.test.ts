import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const run = promisify(execFile);
const repo = '/repos/octo/slug';

describe('git over HTTP', () => {
  let room: GitHubRoom;
  let work: string;
  const git = async (...args: string[]) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: room.folder.root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
    };
    const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.test', '-c', 'init.defaultBranch=main'];
    return (await run('git', [...identity, ...args], { env, cwd: room.folder.root })).stdout.trim();
  };
  const url = (token: string, name = 'slug') =>
    room.github.gitUrl('octo', name).replace('://', token === '' ? '://' : `://x-access-token:${token}@`);
  const commitHere = async (file: string, text: string) => {
    writeFileSync(`${work}/${file}`, text);
    await git('-C', work, 'add', '.');
    await git('-C', work, 'commit', '--quiet', '-m', `Change ${file}`);
    return git('-C', work, 'rev-parse', 'HEAD');
  };
  beforeAll(async () => {
    room = await gitHubRoom();
    work = `${room.folder.root}/work`;
    await git('clone', '--quiet', url(''), work);
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test('what is public is cloned by anybody, with or without .git, also one commit deep', async () => {
    expect(await git('-C', work, 'rev-parse', 'HEAD')).toBe(await room.head('main'));
    const shallow = `${room.folder.root}/shallow`;
    await git('clone', '--quiet', '--depth=1', '--filter=blob:none', url('').replace(/\.git$/, ''), shallow);
    expect(await git('-C', shallow, 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  test('what is private is cloned by those who may', async () => {
    await expect(git('clone', '--quiet', url('', 'secret'), `${room.folder.root}/no`)).rejects.toThrow();
    await expect(git('clone', '--quiet', url(room.tokens.bob, 'secret'), `${room.folder.root}/no`)).rejects.toThrow();
    await git('clone', '--quiet', url(room.tokens.alice, 'secret'), `${room.folder.root}/yes`);
  });

  test("a push moves the branch, tells about it, and needs the job's contents: write", async () => {
    const sha = await commitHere('pushed.txt', 'one\n');
    const push = (token: string, ...refs: string[]) => git('-C', work, 'push', '--quiet', url(token), ...refs);
    await expect(push(room.job({ contents: 'read' }), 'HEAD:refs/heads/pushed')).rejects.toThrow('403');
    await expect(push('', 'HEAD:refs/heads/pushed')).rejects.toThrow();
    await expect(push(room.tokens.bob, 'HEAD:refs/heads/pushed')).rejects.toThrow('403');
    await push(room.tokens.alice, 'HEAD:refs/heads/pushed');
    expect(await room.head('pushed')).toBe(sha);
    const pushes = () => room.events.filter(({ name }) => name === 'push');
    await expect.poll(() => pushes().length).toBe(1);
    expect(pushes()[0]?.payload).toMatchObject({
      ref: 'refs/heads/pushed',
      created: true,
      after: sha,
      commits: [{ id: sha, added: ['pushed.txt'], message: 'Change pushed.txt' }],
      sender: { login: 'alice' },
    });
    await commitHere('pushed.txt', 'two\n');
    await push(room.job({ contents: 'write' }), 'HEAD:refs/heads/pushed');
    expect(pushes()).toHaveLength(1);
  });

  test('a pull request follows a push, and git reaches it by its number', async () => {
    const sha = await commitHere('followed.txt', 'one\n');
    await git('-C', work, 'push', '--quiet', url(room.tokens.alice), 'HEAD:refs/heads/followed');
    const { number } = (
      await room.ask('POST', `${repo}/pulls`, { body: { title: 'F', head: 'followed', base: 'main' } })
    ).json;
    await git('-C', work, 'commit', '--quiet', '--amend', '-m', 'Amended');
    await git('-C', work, 'push', '--quiet', '--force', url(room.tokens.alice), 'HEAD:refs/heads/followed');
    const amended = await git('-C', work, 'rev-parse', 'HEAD');
    expect(amended).not.toBe(sha);
    await expect.poll(async () => (await room.ask('GET', `${repo}/pulls/${number}`)).json.head.sha).toBe(amended);
    await git('-C', work, 'fetch', '--quiet', url(''), `refs/pull/${number}/head`);
    expect(await git('-C', work, 'rev-parse', 'FETCH_HEAD')).toBe(amended);
    await git('-C', work, 'fetch', '--quiet', url(''), `refs/pull/${number}/merge`);
    expect((await git('-C', work, 'rev-list', '--parents', '-1', 'FETCH_HEAD')).split(' ')).toHaveLength(3);
    const forced = git('-C', work, 'push', '--quiet', url(room.tokens.alice), `HEAD:refs/pull/${number}/head`);
    await expect(forced).rejects.toThrow();
  });

  test('a commit that the API made is fetched by its name', async () => {
    const sha = await room.commit('by-api', { 'api.txt': 'x\n' });
    await git('-C', work, 'fetch', '--quiet', '--depth=1', url(''), sha);
    expect(await git('-C', work, 'show', `${sha}:api.txt`)).toBe('x');
  });

  test('a large clone leaves no listener behind on its answer', async () => {
    await commitHere('noise.bin', randomBytes(3_000_000).toString('base64'));
    await git('-C', work, 'push', '--quiet', url(room.tokens.alice), 'HEAD:refs/heads/large');
    const warnings: Error[] = [];
    const keep = (warning: Error): void => void warnings.push(warning);
    process.on('warning', keep);
    await git('clone', '--quiet', '--branch=large', url(''), `${room.folder.root}/large`);
    process.off('warning', keep);
    expect(warnings).toEqual([]);
    await git('-C', work, 'reset', '--quiet', '--hard', 'HEAD~1');
  });
});
