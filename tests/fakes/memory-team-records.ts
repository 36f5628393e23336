import { isAtWork } from '../../src/domain/stages/is-at-work.ts';
import type { TeamRecord } from '../../src/domain/stages/team-record.ts';
import { parseTeamRecord, teamRecordText } from '../../src/domain/stages/team-record-text.ts';
import type { RecordsListed } from '../../src/ports/issue-records.ts';
import type { StoredTeamRecord, TeamRecords } from '../../src/ports/team-records.ts';

type CallAs = <T>(name: string, act: () => T) => Promise<T>;

const uncounted: CallAs = async (_, act) => act();

/** Records as text, as a repository keeps them, so that what cannot be kept shows. */
export class MemoryTeamRecords implements TeamRecords {
  readonly texts = new Map<number, { readonly id: string; readonly text: string }>();
  private readonly repository: string;
  private readonly call: CallAs;
  private made = 0;

  constructor(repository = 'octo/slug', call: CallAs = uncounted) {
    this.repository = repository;
    this.call = call;
  }

  read(issue: number): Promise<StoredTeamRecord | undefined> {
    return this.call('GET /repos/{owner}/{repo}/git/ref/{ref}', () => this.at(issue));
  }

  swap(issue: number, { seen, record }: Parameters<TeamRecords['swap']>[1]): ReturnType<TeamRecords['swap']> {
    return this.call('PATCH /repos/{owner}/{repo}/git/refs/{ref}', () => {
      const before = seen === undefined ? this.at(issue) : this.texts.get(issue);
      if (before?.id !== seen) return { kind: 'moved' as const };
      this.made += 1;
      const id = this.made.toString(16).padStart(40, '0');
      this.texts.set(issue, { id, text: teamRecordText(record) });
      return { kind: 'stored' as const, id };
    });
  }

  issues(which: RecordsListed = 'going'): Promise<readonly number[]> {
    const wanted = (record: TeamRecord): boolean =>
      which === 'at-work' ? isAtWork(record) : record.state.kind !== 'over';
    return this.call('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', () =>
      [...this.texts.keys()]
        .filter((issue) => {
          const record = this.at(issue)?.record;
          return record !== undefined && wanted(record);
        })
        .sort((one, other) => one - other),
    );
  }

  private at(issue: number): StoredTeamRecord | undefined {
    const stored = this.texts.get(issue);
    const place = { repository: this.repository, issue };
    const record = stored === undefined ? undefined : parseTeamRecord(stored.text, place);
    return stored === undefined || record === undefined ? undefined : { id: stored.id, record };
  }
}
