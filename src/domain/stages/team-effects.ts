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

export function teamEffects({ state }: TeamRecord): readonly TeamEffect[] {
  switch (state.kind) {
    case 'pending':
      return [{ kind: 'tell' }, { kind: 'start', step: state.step }];
    case 'waiting':
      if (state.for === 'person') return [{ kind: 'tell' }, { kind: 'ask-person' }];
      return state.for === 'checks' ? [{ kind: 'tell' }, { kind: 'look-at-checks' }] : [{ kind: 'tell' }];
    case 'closing':
      return [{ kind: 'close', how: state.how }];
    case 'running':
    case 'over':
      return [{ kind: 'tell' }];
    default:
      return state satisfies never;
  }
}
