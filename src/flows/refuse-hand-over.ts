import type { SubmissionVerdict } from '../agent/tool.ts';

/** How often what is handed in may be refused; with the last one the run ends. */
export const mostRefusals = 3;

export interface Refusal {
  /** Goes on `Not submitted: `, for the model and for people. */
  readonly why: string;
  /** What the model can do about it. */
  readonly advice: string;
  /** For a timeline: `✗ rules`. */
  readonly summary: string;
  /** How many there were, this one included. */
  readonly refusals: number;
}

/** The model may go on and is told why; refused too often, the run ends. */
export function refuseHandOver({ why, advice, summary, refusals }: Refusal): SubmissionVerdict {
  const output = `Not submitted: ${why}. Refusal ${refusals} of ${mostRefusals}; with the last one the run ends. ${advice}`;
  if (refusals < mostRefusals) return { kind: 'refused', output, summary };
  return { kind: 'unproven', output, summary, reason: `${why}, and ${refusals} submissions were refused` };
}
