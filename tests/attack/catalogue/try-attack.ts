import { describeError } from '../../../src/domain/error.ts';
import type { Attack, AttackId, Containment, Passage } from './attack.ts';

export interface Tried {
  readonly id: AttackId;
  readonly title: string;
  /** Absent when the machine lacks what is needed, which `missing` names. */
  readonly contained?: boolean;
  readonly twin?: boolean;
  /** How it was contained or what got out, and what its twin did. */
  readonly told?: readonly [string, string];
  readonly missing?: string;
  readonly ms: number;
}

const deadlineMs = 90_000;

/** The attack, then its twin unless it is not asked for, each with a deadline. What they throw is told, and counts against us. */
export async function tryAttack(
  { id, title, attack, twin, missing }: Attack,
  { twins }: { readonly twins: boolean } = { twins: true },
): Promise<Tried> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  const lacking = await missing?.();
  if (lacking !== undefined) return { id, title, missing: lacking, ms: ms() };
  const ended: Containment = await attack(AbortSignal.timeout(deadlineMs)).catch((error: unknown) => ({
    kind: 'escaped',
    what: `not judged: ${describeError(error)}`,
  }));
  const told = ended.kind === 'contained' ? ended.how : ended.what;
  if (!twins) return { id, title, contained: ended.kind === 'contained', told: [told, ''], ms: ms() };
  const passage: Passage = await twin(AbortSignal.timeout(deadlineMs)).catch((error: unknown) => ({
    kind: 'hindered',
    why: describeError(error),
  }));
  return {
    id,
    title,
    contained: ended.kind === 'contained',
    twin: passage.kind === 'passed',
    told: [told, passage.kind === 'passed' ? passage.what : passage.why],
    ms: ms(),
  };
}
