import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ObjectReader } from '../../../../src/embedded/github/git/object-reader.ts';
import { defaultHostPath } from '../../../../src/embedded/github/git/run-git.ts';
import { realRepository } from '../../../fakes/real-repository.ts';

/** The processes that this one has started for that git folder. */
function readersOf(gitDir: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${gitDir}\0cat-file`);
    } catch {
      return false;
    }
  });
}

describe('reading objects through one long-lived git', () => {
  const big = Buffer.alloc(3_000_000, 'line of a large file\n');
  const files = {
    'big.bin': big,
    'empty.txt': '',
    ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, `text ${index}\n`])),
  };

  test('answers belong to their questions, however many are asked at once and whatever is missing', async () => {
    using repository = realRepository(files);
    await using reader = new ObjectReader(`${repository.root}/.git`, defaultHostPath);
    const names = Array.from({ length: 400 }, (_, index) =>
      index % 3 === 0 ? `f${(index * 7) % 50}` : index % 50 === 1 ? 'big.bin' : 'empty.txt',
    );
    const bytes = (name: string) => (files as Record<string, string | Buffer>)[name];
    const check = async (name: string, index: number) => {
      const expected = bytes(name);
      if (index % 2 === 0) {
        const object = await reader.read(`HEAD:${name}`);
        expect(object?.bytes.equals(Buffer.from(expected ?? ''))).toBe(expected === undefined ? undefined : true);
      } else {
        const size = expected === undefined ? undefined : Buffer.byteLength(expected);
        expect((await reader.info(`HEAD:${name}`))?.size).toBe(size);
      }
    };
    await Promise.all(names.map(check));
    expect(await reader.read('HEAD:f1\nHEAD:f2')).toBeUndefined();
  });

  test('sees what was written after it started', async () => {
    using repository = realRepository({ a: 'a\n' });
    await using reader = new ObjectReader(`${repository.root}/.git`, defaultHostPath);
    await reader.info('HEAD');
    repository.write('late', 'late\n');
    repository.commit();
    expect((await reader.read('HEAD:late'))?.bytes.toString()).toBe('late\n');
    repository.git('gc', '--quiet', '--prune=now');
    expect((await reader.read('HEAD:late'))?.bytes.toString()).toBe('late\n');
  });

  test.skipIf(process.platform !== 'linux')(
    'a killed git fails what waits for it, and the next question starts another',
    async () => {
      using repository = realRepository({ a: 'a\n' });
      await using reader = new ObjectReader(`${repository.root}/.git`, defaultHostPath);
      await reader.info('HEAD');
      const [pid] = readersOf(`${repository.root}/.git`);
      if (pid === undefined) throw new Error('the reader runs no git');
      process.kill(pid, 'SIGSTOP');
      const waiting = expect(reader.read('HEAD:a')).rejects.toMatchObject({ code: 'E500', retryable: true });
      process.kill(pid, 'SIGKILL');
      await waiting;
      expect((await reader.read('HEAD:a'))?.bytes.toString()).toBe('a\n');
    },
  );

  test('its process ends with it', async () => {
    using repository = realRepository({ a: 'a\n' });
    const reader = new ObjectReader(`${repository.root}/.git`, defaultHostPath);
    await reader.info('HEAD');
    await reader[Symbol.asyncDispose]();
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(left).not.toContain(`${repository.root}/.git cat-file`);
  });
});
