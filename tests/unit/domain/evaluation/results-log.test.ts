import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptRecord, AttemptStart } from '../../../../src/domain/evaluation/attempt-record.ts';
import { type ResultsLog, readResultsLog } from '../../../../src/domain/evaluation/results-log.ts';

const header = {
  ...{ type: 'evaluation', schema: 1, model: 'reference', date: '2026-11-21', version: '0.1.0', repeat: 2 },
  limits: '40 turns',
};

function ended(issue: string, more: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    type: 'ended',
    issue,
    attempt: 1,
    at: '2026-11-21T10:00:00.000Z',
    digest: 'd',
    verdict: 'solved',
    reason: '',
    turns: 5,
    modelCalls: 5,
    tokens: 100,
    costUsd: 0.25,
    seconds: 2,
    judgeSeconds: 1,
    weakened: [],
    ...more,
  };
}

function started(issue: string, ceilingUsd = 2): AttemptStart {
  return { type: 'started', issue, attempt: 1, at: '2026-11-21T10:00:00.000Z', ceilingUsd };
}

const textOf = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

function read(text: string): ResultsLog {
  const result = readResultsLog(text);
  if (result.kind === 'wrong') throw new Error(`line ${result.line}: ${result.problem}`);
  return result.log;
}

describe('the results of an evaluation', () => {
  it('are those that were judged, with what all of it cost', () => {
    const failed = ended('b', { verdict: 'failed', reason: 'hidden tests', costUsd: 0.5 });
    const log = read(textOf(header, started('a'), ended('a'), started('b'), failed));
    expect(log.judged.map(({ issue, verdict }) => [issue, verdict])).toEqual([
      ['a', 'solved'],
      ['b', 'failed'],
    ]);
    expect(log.spentUsd).toBeCloseTo(0.75);
  });

  it('count the first judgement of an attempt, however often one was written', () => {
    const log = read(textOf(header, ended('a', { verdict: 'failed' }), ended('a')));
    expect(log.judged.map(({ verdict }) => verdict)).toEqual(['failed']);
  });

  it('do not count what broke or was stopped, unless it was judged later', () => {
    const log = read(
      textOf(header, ended('a', { verdict: 'faulted' }), ended('b', { verdict: 'stopped' }), ended('a')),
    );
    expect(log.judged.map(({ issue }) => issue)).toEqual(['a']);
    expect(log.unjudged.map(({ issue }) => issue)).toEqual(['b']);
  });

  it('book an attempt that was killed at all that it was allowed, each time that it was', () => {
    expect(read(textOf(header, started('a', 2), started('a', 3), ended('a'), started('b', 1))).spentUsd).toBeCloseTo(
      2 + 0.25 + 1,
    );
  });

  it('leave out a last line that a kill cut short, at every place, and nothing else', () => {
    const whole = textOf(header, started('ä'), ended('ä', { reason: 'mit Umlaut: ü' }));
    const last = JSON.stringify(ended('b'));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: last.length }), (length) => {
        const log = read(whole + last.slice(0, length));
        expect(log.judged.map(({ issue }) => issue)).toEqual(['ä']);
        expect(log.wholeLength).toBe(Buffer.byteLength(whole));
      }),
    );
  });

  it('are refused with the line when something else cannot be read', () => {
    expect(readResultsLog('')).toMatchObject({ kind: 'wrong', line: 1 });
    expect(readResultsLog('{"type":"evaluation"}\n')).toMatchObject({ kind: 'wrong', line: 1 });
    expect(readResultsLog(`${textOf(header)}{"type":\n${textOf(ended('a'))}`)).toMatchObject({
      kind: 'wrong',
      line: 2,
    });
    const odd = { ...ended('a'), verdict: 'brilliant' };
    expect(readResultsLog(textOf(header, ended('b'), odd))).toMatchObject({ kind: 'wrong', line: 3 });
  });
});
