/** One parser, with all that it takes to try it by the million. */
export interface Parser {
  readonly name: string;
  /** Of a million cases. */
  readonly cases: number;
  /** Whole inputs, to be changed here and there. */
  readonly samples: readonly string[];
  /** What is put into them, put together, and repeated up to 64 KiB. */
  readonly pieces: readonly string[];
  /** What stands before and behind what is repeated, so that it is read at all. */
  readonly around?: readonly (readonly [string, string])[];
  /** `refused` is a way of reading, too; a problem is a sentence about what must not happen. What it throws is a crash. */
  read(text: string): Reading | Promise<Reading>;
}

export type Reading = 'read' | 'refused' | { readonly problem: string };

export const isProblem = (reading: Reading): reading is { readonly problem: string } => typeof reading === 'object';
