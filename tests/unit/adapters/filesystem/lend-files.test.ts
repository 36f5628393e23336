import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileRecord, recordFiles } from '../../../../src/adapters/filesystem/file-record.ts';
import { lendFiles } from '../../../../src/adapters/filesystem/lend-files.ts';

const signal = new AbortController().signal;
const all = { skip: () => false, holdsKnown: () => false };
/** A file system in memory, where times of change do not tell all: contents are compared there. */
const inMemory = '/dev/shm';

interface Room extends Disposable {
  readonly from: string;
  readonly to: string;
  write(name: string, content?: string): void;
}

function room(base?: string): Room {
  const folder = realpathSync(mkdtempSync(path.join(base ?? tmpdir(), 'entropy-test-')));
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  for (const made of [from, to]) mkdirSync(made);
  return {
    from,
    to,
    write: (name, content = name) => {
      mkdirSync(path.dirname(path.join(from, name)), { recursive: true });
      writeFileSync(path.join(from, name), content);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const lend = (record: FileRecord, { to }: Room) => lendFiles({ record, to, signal, ...all });

describe.each([
  ['by times of change', undefined],
  ['by contents', inMemory],
])('files that are lent to another folder, told apart %s', (_how, base) => {
  it('go as they are, and come back as they are', async () => {
    using at = room(base);
    for (const name of ['a', 'b/c', 'b/d/e']) at.write(name);
    symlinkSync('a', path.join(at.from, 'link'));
    const record = await recordFiles({ folder: at.from, skip: () => false, signal });
    for (const _time of ['once', 'and again']) {
      const loan = await lend(record, at);
      expect(loan.leftOut).toEqual([]);
      expect(readdirSync(at.from)).toEqual([]);
      expect(readFileSync(path.join(at.to, 'b/d/e'), 'utf8')).toBe('b/d/e');
      loan.giveBack();
      expect(readdirSync(at.to)).toEqual([]);
      expect(readdirSync(at.from).sort()).toEqual(['a', 'b', 'link']);
    }
  });

  it.each<[string, (at: Room) => void, string]>([
    ['written to', ({ write }) => write('b/c', 'x/c'), 'b/c'],
    [
      'given back its old times',
      ({ from, write }) => {
        write('b/c', 'x/c');
        utimesSync(path.join(from, 'b/c'), 1, 1);
      },
      'b/c',
    ],
    [
      'put in its place',
      ({ from, write }) => {
        write('new', 'b/x');
        renameSync(path.join(from, 'new'), path.join(from, 'b/c'));
      },
      'b/c',
    ],
    ['made executable', ({ from }) => chmodSync(path.join(from, 'b/c'), 0o755), 'b/c'],
    [
      'made a link',
      ({ from }) => {
        rmSync(path.join(from, 'b/c'));
        symlinkSync('../a', path.join(from, 'b/c'));
      },
      'b/c',
    ],
    ['taken away', ({ from }) => rmSync(path.join(from, 'b/c')), 'b/c'],
    ['new', ({ write }) => write('b/new'), 'b/new'],
    ['new, a folder', ({ write }) => write('b/new/x'), 'b/new/'],
    ['a folder of another mode', ({ from }) => chmodSync(path.join(from, 'b/d'), 0o711), 'b/d/'],
  ])('stay behind when they were %s', async (_what, touch, expected) => {
    using at = room(base);
    for (const name of ['a', 'b/c', 'b/d/e']) at.write(name);
    const record = await recordFiles({ folder: at.from, skip: () => false, signal });
    touch(at);
    const loan = await lend(record, at);
    expect(loan.leftOut).toEqual([expected]);
    expect(existsSync(path.join(at.to, expected))).toBe(false);
    expect(existsSync(path.join(at.to, 'a'))).toBe(true);
    loan.giveBack();
    expect((await lend(record, at)).leftOut).toEqual([expected]);
  });

  it('are not vouched for any more when the other folder changed them', async () => {
    using at = room(base);
    for (const name of ['a', 'b/c', 'b/d/e']) at.write(name);
    const record = await recordFiles({ folder: at.from, skip: () => false, signal });
    const loan = await lend(record, at);
    writeFileSync(path.join(at.to, 'a'), 'other');
    writeFileSync(path.join(at.to, 'b/d/e'), 'other');
    loan.giveBack();
    expect(readFileSync(path.join(at.from, 'a'), 'utf8')).toBe('other');
    expect([...(await lend(record, at)).leftOut].sort()).toEqual(['a', 'b/d/e']);
  });

  it('are left where they are when the way back leads through a link', async () => {
    using at = room(base);
    for (const name of ['b/c', 'b/d/e']) at.write(name);
    const record = await recordFiles({ folder: at.from, skip: () => false, signal });
    at.write('b/new');
    const loan = await lend(record, at);
    const foreign = path.join(at.to, '../foreign');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'c'), 'a stranger’s');
    rmSync(path.join(at.to, 'b'), { recursive: true });
    symlinkSync(foreign, path.join(at.to, 'b'));
    loan.giveBack();
    expect(readdirSync(path.join(at.from, 'b'))).toEqual(['new']);
    expect(readFileSync(path.join(foreign, 'c'), 'utf8')).toBe('a stranger’s');
  });
});

describe('a record of files', () => {
  it('tells a write from what was there, however soon after it came', async () => {
    using at = room();
    for (let round = 0; round < 20; round += 1) {
      at.write('a', `before ${round % 10}`);
      const record = await recordFiles({ folder: at.from, skip: () => false, signal });
      at.write('a', `behind ${round % 10}`);
      const loan = await lend(record, at);
      expect(loan.leftOut).toEqual(['a']);
      loan.giveBack();
    }
  });

  it('lets through what nobody touched and nothing else, whatever was touched', async () => {
    const names = ['a', 'b/c', 'b/d/e', 'b/d/f', 'g/h/i/j', 'g/k'];
    const touched = fc.subarray(names);
    await fc.assert(
      fc.asyncProperty(touched, fc.subarray(['x', 'b/x', 'g/h/x']), async (changed, added) => {
        using at = room();
        for (const name of names) at.write(name);
        const record = await recordFiles({ folder: at.from, skip: () => false, signal });
        for (const name of [...changed, ...added]) at.write(name, 'other');
        const { leftOut, giveBack } = await lend(record, at);
        expect([...leftOut].sort()).toEqual([...changed, ...added].sort());
        const there = names.filter((name) => existsSync(path.join(at.to, name)));
        expect(there).toEqual(names.filter((name) => !changed.includes(name)));
        giveBack();
        const back = [...names, ...added].filter((name) => !existsSync(path.join(at.from, name)));
        expect(back).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
