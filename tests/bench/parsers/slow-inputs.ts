import { cpuMs } from '../../fakes/cpu-time.ts';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { readSafely } from './hammer.ts';
import { isProblem, type Parser } from './parser.ts';

export interface SlowSearch {
  readonly failures: readonly string[];
  readonly figures: { readonly inputs: number; readonly slowestMs: number; readonly slowest: string };
}

export const inputBytes = 64 * 1024;
const repeats = 8;

/**
 * Repeats each piece, and pairs of pieces, up to 64 KiB, and measures what each takes of the processor. What seems slow is
 * measured again, and the least counts: a collection of garbage says nothing about a parser.
 */
export async function searchSlowInputs(
  parser: Parser,
  { pairs, limitMs, seed }: { readonly pairs: number; readonly limitMs: number; readonly seed: number },
): Promise<SlowSearch> {
  const draw = drawFrom(seed);
  const { pieces, around = [['', '']] } = parser;
  const inners = [
    ...pieces,
    ...Array.from({ length: pairs }, () =>
      [1, 2, 3]
        .slice(draw.below(2))
        .map(() => draw.one(pieces))
        .join(''),
    ),
  ];
  const failures: string[] = [];
  let [slowestMs, slowest, inputs] = [0, '', 0];
  for (const inner of inners.filter((text) => text !== '')) {
    for (const [before, behind] of around) {
      const text = filled(before, inner, behind);
      inputs += 1;
      const { ms, problem } = await leastTime(parser, text, limitMs);
      const named = `${before.slice(0, 40)} ${inner} × many ${behind.slice(0, 40)}`;
      if (problem !== undefined) failures.push(`${parser.name}: ${problem}: ${JSON.stringify(named)}`);
      if (ms > limitMs) failures.push(`${parser.name}: ${Math.round(ms)} ms for ${JSON.stringify(named)}`);
      if (ms > slowestMs) [slowestMs, slowest] = [ms, named];
    }
  }
  return { failures, figures: { inputs, slowestMs: Math.round(slowestMs * 10) / 10, slowest } };
}

/** Never more than so many bytes: half a character more would be another input than the one that is measured. */
function filled(before: string, inner: string, behind: string): string {
  const room = inputBytes - Buffer.byteLength(before) - Buffer.byteLength(behind);
  return `${before}${inner.repeat(Math.max(1, Math.floor(room / Buffer.byteLength(inner))))}${behind}`;
}

async function leastTime(
  parser: Parser,
  text: string,
  limitMs: number,
): Promise<{ readonly ms: number; readonly problem: string | undefined }> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < repeats && least > limitMs / 2; turn += 1) {
    const started = cpuMs();
    const reading = await readSafely(parser, text);
    least = Math.min(least, cpuMs() - started);
    if (isProblem(reading)) return { ms: least, problem: reading.problem };
  }
  return { ms: least, problem: undefined };
}
