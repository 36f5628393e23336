import { parseTeamRecord, teamRecordText } from '../../src/domain/stages/team-record-text.ts';
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

  issues(): Promise<readonly number[]> {
    return this.call('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', () =>
      [...this.texts.keys()]
        .filter((issue) => (this.at(issue)?.record.state.kind ?? 'over') !== 'over')
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
