import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';
import { isProblem, type Parser, type Reading } from './parser.ts';

export interface Hammered {
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<'cases' | 'read' | 'refused' | 'slowestMs', number>>;
}

const mostFailures = 10;

/** Inputs put together from pieces and samples that were changed: each is read or refused, and nothing is thrown. */
export async function hammer(parser: Parser, cases: number, seed: number): Promise<Hammered> {
  const draw = drawFrom(seed);
  const failures: string[] = [];
  let [read, slowestMs] = [0, 0];
  for (let index = 0; index < cases && failures.length < mostFailures; index += 1) {
    const text = draw.chance(0.5) ? assembled(parser, draw) : changed(parser, draw);
    const started = performance.now();
    const reading = await readSafely(parser, text);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (reading === 'read') read += 1;
    if (isProblem(reading)) failures.push(`${parser.name}: ${reading.problem}: ${JSON.stringify(text).slice(0, 600)}`);
  }
  const refused = cases - read - failures.length;
  return { failures, figures: { cases, read, refused, slowestMs: Math.round(slowestMs) } };
}

export async function readSafely(parser: Parser, text: string): Promise<Reading> {
  try {
    const reading = parser.read(text);
    // Waiting for what is there already would take longer than most of the reading.
    return reading instanceof Promise ? await reading : reading;
  } catch (error) {
    return { problem: `it threw ${error instanceof Error ? `${error.name}: ${error.message}` : error}` };
  }
}

function assembled({ pieces, around = [['', '']] }: Parser, draw: Draw): string {
  const inner = Array.from({ length: 1 + draw.below(16) }, () =>
    draw.chance(0.85) ? draw.one(pieces) : anyCharacter(draw),
  ).join('');
  const [before, behind] = draw.one(around);
  return draw.chance(0.5) ? `${before}${inner}${behind}` : inner;
}

function changed({ pieces, samples }: Parser, draw: Draw): string {
  let text = draw.one(samples);
  for (let edits = 1 + draw.below(4); edits > 0; edits -= 1) {
    const at = draw.below(text.length + 1);
    const put = draw.chance(0.5) ? draw.one(pieces) : draw.chance(0.5) ? anyCharacter(draw) : '';
    text = `${text.slice(0, at)}${put}${text.slice(at + draw.below(6))}`;
  }
  return text;
}

/** Of any plane, halves of pairs among them. */
function anyCharacter(draw: Draw): string {
  const below = draw.chance(0.6) ? 0x80 : draw.chance(0.7) ? 0x1_0000 : 0x11_0000;
  return String.fromCodePoint(draw.below(below));
}
