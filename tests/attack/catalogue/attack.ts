/** Every id of the catalogue in docs/threat-model.md, in its order. */
export const attackIds = [
  ...numbered('U', 6),
  ...numbered('P', 10),
  ...numbered('S', 11),
  ...numbered('X', 10),
  ...numbered('G', 12),
  ...numbered('A', 8),
  ...numbered('W', 8),
  ...numbered('C', 5),
  ...numbered('M', 7),
  ...numbered('D', 6),
] as const;

export type AttackId = `${'U' | 'P' | 'S' | 'X' | 'G' | 'A' | 'W' | 'C' | 'M' | 'D'}${number}`;

/** What came of an attack. `how` and `what` are one sentence for the report. */
export type Containment =
  | { readonly kind: 'contained'; readonly how: string }
  | { readonly kind: 'escaped'; readonly what: string };

/** What came of its twin, which differs from the attack only in being harmless. */
export type Passage =
  | { readonly kind: 'passed'; readonly what: string }
  | { readonly kind: 'hindered'; readonly why: string };

/**
 * One attack of the catalogue as something that can be done, by whoever wrote the issue, with a model that obeys every
 * word of it. An id may have several. A fault that is thrown counts as not contained, or as hindered: silence proves nothing.
 */
export interface Attack {
  readonly id: AttackId;
  /** What is tried, a sentence without a full stop: `a comment in a code block starts an agent`. */
  readonly title: string;
  readonly attack: (signal: AbortSignal) => Promise<Containment>;
  readonly twin: (signal: AbortSignal) => Promise<Passage>;
  /** What the machine has to have, when that is more than Linux, git and bubblewrap; a reason when it is missing. */
  readonly missing?: () => Promise<string | undefined>;
}

export const contained = (how: string): Containment => ({ kind: 'contained', how });
export const escaped = (what: string): Containment => ({ kind: 'escaped', what });
export const passed = (what: string): Passage => ({ kind: 'passed', what });
export const hindered = (why: string): Passage => ({ kind: 'hindered', why });

function numbered<Letter extends string>(letter: Letter, count: number): readonly `${Letter}${number}`[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}` as const);
}
