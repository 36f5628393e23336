import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startEmbeddedGitHub } from '../../../../src/embedded/github/embedded-github.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

const start = (dataDir: string, path: string, base?: string) =>
  startEmbeddedGitHub({
    dataDir,
    clock: simulatedClock(),
    users: [{ login: 'me' }],
    repositories: [
      { owner: 'me', name: 'real', source: { kind: 'git', path, ...(base === undefined ? {} : { base }) } },
    ],
  });

const files = 5_200;

/** 5,200 files and 60 commits, in the time of one process. */
function grow(root: string): void {
  const lines: string[] = [];
  for (let commit = 0; commit < 60; commit++) {
    lines.push('commit refs/heads/main', `committer A <a@example.test> ${1_700_000_000 + commit} +0000`, 'data 1', 'c');
    const [from, to] = commit === 0 ? [0, files] : [commit, commit + 1];
    for (let file = from; file < to; file++) {
      const text = `file ${file} in commit ${commit}\n`;
      lines.push(
        `M 100644 inline dir${file % 50}/sub${file % 7}/file-${file}.txt`,
        `data ${text.length}`,
        text.trimEnd(),
      );
    }
  }
  execFileSync('git', ['-C', root, 'fast-import', '--quiet', '--force'], {
    input: `${lines.join('\n')}\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

describe("a person's own repository, served with its history", () => {
  test('5,200 files are there at once, and the repository itself is left alone', async () => {
    using repository = realRepository();
    grow(repository.root);
    const before = repository.git('for-each-ref');
    const objects = repository.git('count-objects', '-v');
    const dataDir = `${repository.temp}/data`;
    const started = performance.now();
    await using github = await start(dataDir, repository.root);
    expect(performance.now() - started).toBeLessThan(2_000);
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    const ask = async (path: string, body?: unknown): Promise<any> => {
      const headers = { authorization: `Bearer ${github.userToken('me')}` };
      const method = body === undefined ? 'GET' : 'POST';
      const response = await fetch(`${github.apiUrl}/repos/me/real${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    const { sha } = (await ask('/git/ref/heads/main')).object;
    expect(sha).toBe(repository.git('rev-parse', 'main'));
    expect(await ask('/commits?per_page=100')).toHaveLength(60);
    const all = await ask(`/git/trees/${sha}?recursive=1`);
    expect(all.tree.filter(({ type }: { type: string }) => type === 'blob')).toHaveLength(files);
    const tree = [{ path: 'dir1/new.txt', mode: '100644', type: 'blob', content: 'new\n' }];
    const written = await ask('/git/trees', { base_tree: sha, tree });
    const commit = await ask('/git/commits', { message: 'm', tree: written.sha, parents: [sha] });
    await ask('/git/refs', { ref: 'refs/heads/agent/1', sha: commit.sha });
    const compared = await ask('/compare/main...agent/1');
    expect(compared.files).toMatchObject([{ filename: 'dir1/new.txt', patch: '@@ -0,0 +1 @@\n+new' }]);

    expect(repository.git('for-each-ref')).toBe(before);
    expect(repository.git('count-objects', '-v')).toBe(objects);
    expect(() => repository.git('cat-file', '-e', commit.sha)).toThrow();
    const size = execFileSync('du', ['-sk', dataDir], { encoding: 'utf8' });
    expect(Number.parseInt(size, 10)).toBeLessThan(1_000);
  });

  test('its hooks, filters and diff programs are never started', async () => {
    using repository = realRepository({ 'a.txt': 'a\n', '.gitattributes': '* filter=evil diff=evil\n' });
    const trap = `${repository.temp}/trap`;
    for (const key of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'diff.evil.textconv',
      'diff.external',
      'core.fsmonitor',
      'core.pager',
    ]) {
      repository.git('config', key, `touch ${trap}; cat`);
    }
    await using github = await start(`${repository.temp}/data`, repository.root);
    await fetch(`${github.url}/me/real`);
    await fetch(`${github.apiUrl}/repos/me/real/commits/main`);
    expect(() => statSync(trap)).toThrow();
  });

  test('what cannot be served is refused with its reason', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    repository.commit('second');
    const at = (name: string) => `${repository.temp}/${name}`;
    mkdirSync(at('plain'));
    execFileSync('git', ['init', '--quiet', at('empty')]);
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repository.root}`, at('shallow')], {
      stdio: 'ignore',
    });
    const refused = async (path: string, base?: string) =>
      start(at(`data-${Math.random()}`), path, base).then(
        () => 'served',
        (error) => error.code,
      );
    expect(await refused(at('plain'))).toBe('E501');
    expect(await refused(at('nowhere'))).toBe('E501');
    expect(await refused(at('empty'))).toBe('E502');
    expect(await refused(at('shallow'))).toBe('E503');
    expect(await refused(repository.root, 'no-such-branch')).toBe('E505');
    repository.git('checkout', '--quiet', '--detach');
    expect(await refused(repository.root)).toBe('E505');
  });
});
