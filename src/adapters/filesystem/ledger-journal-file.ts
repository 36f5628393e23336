import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { ClosedJournal, LedgerJournal } from '../../ports/ledger-journal.ts';

/**
 * Lines of one writer in a folder of its own, a file for each segment. Each line is one `write` before `append` returns: a
 * `kill -9` loses nothing, since written bytes belong to the kernel.
 */
export function openLedgerJournal(folder: string): LedgerJournal & Disposable {
  let current: { readonly seq: number; readonly fd: number; lines: string[] } | undefined;
  const open = (seq: number): NonNullable<typeof current> => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return { seq, fd: openSync(fileOf(folder, seq), 'ax', 0o600), lines: [] };
    } catch (cause) {
      throw unwritable(fileOf(folder, seq), cause);
    }
  };
  return {
    append(seq, line) {
      current ??= open(seq);
      const bytes = Buffer.from(`${line}\n`);
      try {
        // A part of a line that stays behind is cut off by whoever takes the journal up.
        if (writeSync(current.fd, bytes) !== bytes.length) throw new Error('only a part of the line was written');
      } catch (cause) {
        throw unwritable(fileOf(folder, current.seq), cause);
      }
      current.lines.push(`${line}\n`);
    },
    close() {
      if (current === undefined) return undefined;
      const { seq, fd, lines } = current;
      current = undefined;
      closeSync(fd);
      return { seq, text: lines.join('') };
    },
    remove: ({ seq }) => rm(fileOf(folder, seq), { force: true }),
    [Symbol.dispose]() {
      if (current !== undefined) closeSync(current.fd);
      current = undefined;
    },
  };
}

/** What a writer that was killed left behind, in order. A line that was not written to its end never was one. */
export function leftJournals(folder: string): readonly ClosedJournal[] {
  return namesIn(folder)
    .flatMap((name) => /^(\d{12})\.jsonl$/.exec(name)?.[1] ?? [])
    .sort()
    .map((digits) => {
      const text = readFileSync(fileOf(folder, Number(digits)), 'utf8');
      return { seq: Number(digits), text: text.slice(0, text.lastIndexOf('\n') + 1) };
    });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function fileOf(folder: string, seq: number): string {
  return path.join(folder, `${String(seq).padStart(12, '0')}.jsonl`);
}

function unwritable(file: string, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E755',
    message: `the journal ${file} of the ledger cannot be written`,
    fix: 'check that the folder may be written to and that the disk has room; nothing is done that cannot be recorded',
    cause,
  });
}
