import { looksAtChecks } from './looks-at-checks.ts';
import type { PendingStep, TeamEnding, TeamRecord } from './team-record.ts';

/** What is done once a record is stored. All of it follows from the record, so whoever finds one can do it again. */
export type TeamEffect =
  /** The comment on the issue that shows all stages. */
  | { readonly kind: 'tell' }
  | { readonly kind: 'start'; readonly step: PendingStep }
  /** A person is asked, with all that is open. */
  | { readonly kind: 'ask-person' }
  | { readonly kind: 'look-at-checks' }
  | { readonly kind: 'close'; readonly how: TeamEnding };

export function teamEffects(record: TeamRecord): readonly TeamEffect[] {
  const { state } = record;
  switch (state.kind) {
    case 'pending':
      return [{ kind: 'tell' }, { kind: 'start', step: state.step }];
    case 'waiting':
      return [
        { kind: 'tell' },
        ...(state.for === 'person' ? [{ kind: 'ask-person' } as const] : []),
        ...(looksAtChecks(record) ? [{ kind: 'look-at-checks' } as const] : []),
      ];
    case 'closing':
      return [{ kind: 'close', how: state.how }];
    case 'running':
    case 'over':
      return [{ kind: 'tell' }];
    default:
      return state satisfies never;
  }
}
