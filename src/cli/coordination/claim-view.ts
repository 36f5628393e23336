import { type ClaimRecord, isExpired } from '../../domain/claim.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { EntropyError } from '../../domain/error.ts';
import { around, shortDuration } from '../moments.ts';
import type { Paint } from '../paint.ts';
import type { Column } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

/** What `--json` tells of a claim, besides its record. */
export interface ClaimView extends ClaimRecord {
  readonly standing: 'free' | 'held' | 'expired';
}

export const claimFields = [
  'key',
  'state',
  'standing',
  'holder',
  'leaseId',
  'fence',
  'acquiredAt',
  'expiresAt',
  'ttlMs',
  'progressAt',
  'reservation',
] as const satisfies readonly (keyof ClaimView)[];

export function claimView(record: ClaimRecord, now: number): ClaimView {
  return { ...record, standing: standingOf(record, now) };
}

function standingOf(record: ClaimRecord, now: number): ClaimView['standing'] {
  if (record.state === 'free') return 'free';
  return isExpired(record, now) ? 'expired' : 'held';
}

export function claimColumns(now: number, paint: Paint): readonly Column<ClaimView>[] {
  const look = { free: paint.faint, held: paint.good, expired: paint.warn };
  return [
    { title: 'claim', of: ({ key }) => shortClaimName(key), grows: true },
    { title: 'state', of: ({ standing }) => standing, paint: (text, { standing }) => look[standing](text) },
    { title: 'by', of: ({ state, holder }) => (state === 'free' ? '–' : holder.owner), max: 26 },
    { title: 'since', of: ({ acquiredAt }) => shortDuration(now - acquiredAt), align: 'right' },
    { title: 'until', of: (claim) => untilText(claim, now) },
    { title: 'fence', of: ({ fence }) => String(fence), align: 'right' },
  ];
}

export function untilText({ state, holder, expiresAt }: ClaimRecord, now: number): string {
  if (state === 'free') return '–';
  return holder.kind === 'human' ? 'released' : around(expiresAt, now);
}

/** `coder/01JD… since 12m, until in 18m, fence 3: fix on issue #42`. */
export function holderText(record: ClaimRecord, now: number): string {
  const { holder, acquiredAt, fence } = record;
  const until = holder.kind === 'human' ? 'until released' : `lease ends ${around(record.expiresAt, now)}`;
  const why = holder.reason === '' ? '' : `: ${terminalLine(holder.reason, 200)}`;
  return `${terminalLine(holder.owner, 80)}, for ${shortDuration(now - acquiredAt)}, ${until}, fence ${fence}${why}`;
}

/** E700, exit code 8. `name-its-lease`: it may well be ours, under the name of the agent that `next` gave it to. */
export function heldBySomebodyElse(
  record: ClaimRecord,
  now: number,
  advice: 'wait' | 'name-its-lease' = 'wait',
): EntropyError {
  const name = shortClaimName(record.key);
  const link = record.holder.workflowRun?.url;
  return new EntropyError({
    code: 'E700',
    message: `${name} is held by ${holderText(record, now)}`,
    fix: `${advice === 'wait' ? '' : 'if it is yours, add --lease ID, which take and next printed; else '}wait, or take it over, which stops the other from writing: entropy-playground claims takeover ${name} --fence ${record.fence}`,
    ...(link !== undefined && { why: `its workflow run: ${link}` }),
  });
}

export function notHeld(record: ClaimRecord | undefined, key: string): EntropyError {
  const name = shortClaimName(key);
  return new EntropyError({
    code: 'E701',
    message: record === undefined ? `nobody ever held ${name}` : `${name} is free since its last holder released it`,
    fix: `take it: entropy-playground claims take ${name}`,
  });
}
