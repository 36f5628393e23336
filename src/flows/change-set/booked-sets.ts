import { isAtRest } from '../../domain/change-set/advance.ts';
import type { ChangeSet } from '../../domain/change-set/change-set.ts';
import { changeSetText, parseChangeSet } from '../../domain/change-set/record-text.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import type { ChangeSets, StoredChangeSet } from '../../ports/change-sets.ts';
import type { CursorStore } from '../../ports/cursor-store.ts';

export interface SetBooks {
  /** Of whoever opens sets, where nobody else can write. */
  readonly cursors: CursorStore;
  /** Beside the code, for people, and to find those that are at work. Whoever may push there can write it. */
  readonly copies: ChangeSets;
  readonly repository: RepositoryRef;
  readonly log: (line: string) => void;
}

/**
 * The sets as whoever opened them wrote them down. Of the copies in the repository only the numbers of issues are taken, never a
 * word: who asked, and for what in which repositories, must not be for whoever may push to one of them to say.
 */
export function bookedSets({ cursors, copies, repository, log }: SetBooks): ChangeSets {
  const place = fullName(repository);
  const nameOf = (issue: number): string => `change-sets/${place}/${issue}`.toLowerCase();

  const read = async (issue: number): Promise<StoredChangeSet | undefined> => {
    const stored = await cursors.read(nameOf(issue));
    if (stored === undefined) return undefined;
    const record = parseChangeSet(JSON.stringify(stored.value), { repository: place, issue });
    if (record !== undefined) return { id: String(stored.version), record };
    throw new EntropyError({
      code: 'E710',
      message: `the change set of ${place}#${issue} in the books is none that this version can read`,
      fix: `delete the item CURSOR#${nameOf(issue)}, then ask for the change again on its issue`,
    });
  };

  const copy = async (issue: number, record: ChangeSet): Promise<void> => {
    try {
      const before = await copies.read(issue);
      if (before !== undefined && changeSetText(before.record) === changeSetText(record)) return;
      await copies.swap(issue, { seen: before?.id, record });
    } catch (error) {
      // A rule that guards refs, say: the books have it, and deliveries lead to it.
      if (!(error instanceof EntropyError) || error.retryable) throw error;
      log(`the copy of the change set of ${place}#${issue} is not written: ${describeError(error)}`);
    }
  };

  return {
    read,

    swap: async (issue, { seen, record }) => {
      // Sweeps find a set by its copy: at work it stands there before the books say so, at rest not before they do.
      const first = !isAtRest(record);
      if (first) await copy(issue, record);
      const written = await cursors.write(nameOf(issue), record, seen === undefined ? undefined : Number(seen));
      if (written === 'moved') return { kind: 'moved' };
      if (!first) await copy(issue, record);
      return { kind: 'stored', id: String((seen === undefined ? 0 : Number(seen)) + 1) };
    },

    issues: async () => {
      const going: number[] = [];
      for (const issue of await copies.issues()) {
        const stored = await read(issue);
        if (stored === undefined)
          log(`refs/agents/change-sets/${issue} of ${place} is none of ours: nobody asked for that set`);
        else if (isAtRest(stored.record)) await copy(issue, stored.record);
        else going.push(issue);
      }
      return going;
    },
  };
}
