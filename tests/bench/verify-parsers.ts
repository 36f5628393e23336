import { countFlag, type Figure, type FigureFlags } from './figure.ts';
import { allParsers } from './parsers/all-parsers.ts';
import { hammer } from './parsers/hammer.ts';
import { inputBytes, searchSlowInputs } from './parsers/slow-inputs.ts';

export const options: FigureFlags = { seed: { kind: 'count' }, only: { kind: 'text' } };

const limits = { cases: 1_000_000, failures: 0, ms: 50, bytes: inputBytes };

/** Everything that reads what strangers write: a million generated inputs, no crash; and 64 KiB of anything in 50 ms. */
export const figure: Figure = async (given) => {
  const { quick, progress, flags } = given;
  const seed = countFlag(given, 'seed', 20_261_121);
  const parsers = allParsers.filter(({ name }) => flags['only'] === undefined || name.includes(String(flags['only'])));
  const failures: string[] = [];
  const figures: Record<string, unknown> = {};
  let total = 0;
  for (const [index, parser] of parsers.entries()) {
    const cases = quick ? Math.ceil(parser.cases / 50) : parser.cases;
    progress(`${parser.name}: ${cases} generated inputs`);
    const hammered = await hammer(parser, cases, seed + index);
    const slow = await searchSlowInputs(parser, { pairs: quick ? 30 : 400, limitMs: limits.ms, seed: seed + index });
    failures.push(...hammered.failures, ...slow.failures);
    total += hammered.figures.cases;
    figures[parser.name] = { ...hammered.figures, repeated: slow.figures };
  }
  const enough = quick || flags['only'] !== undefined || total >= limits.cases;
  return {
    kind: 'measured',
    ok: failures.length === 0 && enough,
    figures: {
      cases: total,
      parsers: figures,
      failures: failures.slice(0, 20),
      seed,
      how: 'half put together from what each parser stumbles over, half real inputs with changes; then each piece and pairs of pieces repeated up to 64 KiB, measured in time of the processor, the least of eight',
    },
    limits,
  };
};
