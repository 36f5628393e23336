import { isDeepStrictEqual } from 'node:util';
import { parseQuery } from '../../src/domain/query/parser.ts';
import { printQuery } from '../../src/domain/query/printer.ts';
import { githubExampleQueries } from '../fakes/github-query-examples.ts';
import { type Draw, drawFrom } from '../fakes/seeded-numbers.ts';

export interface FuzzResult {
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const pieces = [
  ...['"', '\\', '(', ')', '-', ',', ':', ' ', '\n', '..', '*', '<', '>=', '@me', '@today', 'AND', 'OR', 'NOT'],
  ...[
    'label:',
    'created:',
    'is:',
    'sort:',
    'in:',
    'field.',
    'repo:',
    '7d',
    '2026-11-21',
    'İ',
    '\u212a',
    '\ud800',
    '😀',
    '\0',
  ],
];

/** Random and changed inputs: each is read or refused, and what is read is read again as it was printed. */
export function hammerParser(count: number, seed: number): FuzzResult {
  const draw = drawFrom(seed);
  const failures: string[] = [];
  let [read, slowestMs] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    const text = draw.chance(0.5) ? assembled(draw) : changed(draw);
    const started = performance.now();
    const problem = readAgain(text);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (problem === 'refused') continue;
    read += 1;
    if (problem !== undefined) failures.push(problem);
  }
  return { failures, figures: { inputs: count, read, refused: count - read, slowestMs: Math.round(slowestMs) } };
}

function readAgain(text: string): string | undefined {
  const first = parseQuery(text);
  if (first.kind === 'error') return 'refused';
  const second = parseQuery(printQuery(first.query));
  const same = second.kind === 'ok' && isDeepStrictEqual(second.query, first.query);
  return same ? undefined : `not read again: ${JSON.stringify(text)}`;
}

function assembled(draw: Draw): string {
  return Array.from({ length: 1 + draw.below(12) }, () =>
    draw.chance(0.7) ? draw.one(pieces) : String.fromCharCode(draw.below(draw.chance(0.8) ? 128 : 65_536)),
  ).join('');
}

function changed(draw: Draw): string {
  let text = draw.one(githubExampleQueries);
  for (let edits = 1 + draw.below(3); edits > 0; edits -= 1) {
    const at = draw.below(text.length + 1);
    text = `${text.slice(0, at)}${draw.chance(0.6) ? draw.one(pieces) : ''}${text.slice(at + draw.below(4))}`;
  }
  return text;
}
