import { describe, expect, test } from 'vitest';
import type { PatchManifest } from '../../../../src/domain/patch.ts';
import type { KnownFinding } from '../../../../src/domain/reports/open-finding.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { maxTeamRecordBytes, parseTeamRecord, teamRecordText } from '../../../../src/domain/stages/team-record-text.ts';
import { sampleTeamRecord } from '../../../fakes/sample-team-record.ts';

const place = { repository: 'octo/slug', issue: 42 };
const finding: KnownFinding = {
  ...{ fingerprint: '0123456789abcdef', path: 'src/a.ts', line: 3, category: 'correctness', title: 'It is wrong' },
  ...{ body: 'Very.', severity: 'major', round: 1, standing: 'open', commentId: 9 },
  answer: { answer: 'refuted', why: 'It is not.' },
};
const run = { command: 'npm test', exitCode: null, timedOut: true, durationMs: 9, output: '…' };
const file = {
  change: 'added',
  path: 'a.test.ts',
  mode: '100644',
  sizeBytes: 1,
  blobSha: 'b',
  encoding: 'utf-8',
} as const;
const tests: PatchManifest = {
  ...{ schema: 1, runId: 'r', base: { sha: 'a', treeSha: 'b' }, treeSha: 'c' },
  files: [
    { ...file, content: 'x', lines: { added: 1, removed: 0 } },
    { change: 'deleted', path: 'b.ts' },
  ],
};
const whole: TeamRecord = sampleTeamRecord({
  findings: [finding],
  reasons: [
    { kind: 'findings', findings: [finding], round: 1 },
    { kind: 'remarks', remarks: [{ author: 'alice', body: 'No.', createdAt: '2026-11-01', commentId: 1 }] },
    { kind: 'failed-checks', checks: [{ name: 'test', url: 'u', conclusion: 'failure', excerpt: 'no' }] },
    { kind: 'failing-test', tests, run, summary: 's' },
    { kind: 'conflict', baseSha: 'a', paths: ['x'] },
  ],
  history: [{ stage: 'code', round: 1, what: 'It was done.', at: 7 }],
  pullRequest: 9,
});

describe('the record of a team, as text', () => {
  test('is read as it was written, with all that it can hold', () => {
    expect(parseTeamRecord(teamRecordText(whole), place)).toEqual(whole);
    expect(parseTeamRecord(teamRecordText(whole), { ...place, repository: 'Octo/Slug' })).toEqual(whole);
  });

  test('loses no member of a newer version that an older one does not know', () => {
    const newer = JSON.stringify({ ...whole, later: { of: 'use' } });
    expect(parseTeamRecord(newer, place)).toMatchObject({ later: { of: 'use' } });
  });

  test.each([
    ['another issue', { ...place, issue: 43 }],
    ['another repository', { ...place, repository: 'octo/other' }],
  ])('is nothing to %s', (_name, other) => {
    expect(parseTeamRecord(teamRecordText(whole), other)).toBeUndefined();
  });

  test.each([
    ['no JSON', 'no'],
    ['no record', '[]'],
    ['nothing', ''],
    ['a later schema', JSON.stringify({ ...whole, schema: 2 })],
    ['a stage that there is not', JSON.stringify({ ...whole, stage: 'merge' })],
    ['a state that there is not', JSON.stringify({ ...whole, state: { kind: 'free' } })],
    ['a state without its parts', JSON.stringify({ ...whole, state: { kind: 'running' } })],
    ['a reason that there is not', JSON.stringify({ ...whole, reasons: [{ kind: 'because' }] })],
    ['a command that there is not', JSON.stringify(whole).replace('"command":"fix"', '"command":"merge"')],
    ['a file that is none', JSON.stringify(whole).replace('"mode":"100644"', '"mode":"777"')],
    ['names of many lines', JSON.stringify({ ...whole, askedBy: 'alice\nbob' })],
    ['too much to remember', JSON.stringify({ ...whole, memory: 'x'.repeat(20_000) })],
    [
      'a history without end',
      JSON.stringify({ ...whole, history: Array.from({ length: 101 }, () => whole.history[0]) }),
    ],
    ['too much of everything', `${JSON.stringify(whole)}${' '.repeat(maxTeamRecordBytes)}`],
  ])('is nothing when it is %s', (_name, written) => {
    expect(parseTeamRecord(written, place)).toBeUndefined();
  });

  test('is not written when nobody would read it again', () => {
    const excerpt = 'x'.repeat(maxTeamRecordBytes);
    const checks = [{ name: 'test', url: 'u', conclusion: 'failure', excerpt }];
    const heavy = { ...whole, reasons: [{ kind: 'failed-checks' as const, checks }] };
    expect(() => teamRecordText(heavy)).toThrow(RangeError);
  });
});
