import { expect, test } from 'vitest';
import { compareReplay } from '../../../../src/adapters/replay/compare-replay.ts';
import type { TrajectoryBody } from '../../../../src/domain/trajectory.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { modelReplied, numbered, runFinished, runStarted, toolFinished } from '../../../fakes/sample-events.ts';

const tree = '2'.repeat(40);
const run = (output: string, treeSha = tree): TrajectoryBody[] => [
  runStarted,
  modelReplied(1, 'x'),
  toolFinished(1, output),
  runFinished(treeSha),
];
const compare = (a: TrajectoryBody[], b: TrajectoryBody[]) => compareReplay(numbered(a), numbered(b));

test.each([
  ['durations', '9 passed (812 ms), 1.2s, duration_ms 4.83', '9 passed (7 ms), 0.4s, duration_ms 11'],
  ['times', 'at 2026-11-02T14:32:01.123Z or 14:32:01', 'at 2026-11-03 09:00:00,5+01:00 or 09:00:00'],
  ['temporary paths', 'wrote /tmp/x-1a/out.log', 'wrote /private/var/folders/zz/T/y/out2'],
  ['ports', 'listening on 127.0.0.1:43211', 'listening on 127.0.0.1:5000'],
])('%s may differ', (_, recorded, fresh) => {
  expect(compare(run(recorded), run(fresh))).toEqual({ kind: 'same', compared: 2 });
});

test('the first different tool output is named', () => {
  expect(compare(run('9 passed'), run('8 passed', '3'.repeat(40)))).toEqual({
    kind: 'diverged',
    seq: 2,
    what: 'turn 1, bash npm test: output',
    recorded: '9 passed',
    fresh: '8 passed',
  });
});

test('another patch is a divergence though every output is the same', () => {
  expect(compare(run('x'), run('x', '3'.repeat(40)))).toMatchObject({
    kind: 'diverged',
    what: 'end of the run: patch',
  });
});

test('a run that is shorter or longer than the recorded one diverges there', () => {
  const short = run('x').slice(0, 3);
  expect(compare(run('x'), short)).toMatchObject({ seq: 3, recorded: 'end of the run', fresh: '(nothing more)' });
  expect(compare(short, run('x'))).toMatchObject({ seq: 2, recorded: '(nothing more)', fresh: 'end of the run' });
});

test('a failed tool or another tests result is a divergence', () => {
  const failed = run('x').map((body) => (body.type === 'tool.finished' ? { ...body, ok: false } : body));
  expect(compare(run('x'), failed)).toMatchObject({ what: 'turn 1, bash npm test: ok', recorded: 'true' });
  const tests = (exitCode: number | null): TrajectoryBody => ({
    type: 'tests.finished',
    phase: 'after',
    run: { command: 'npm test', exitCode, timedOut: exitCode === null, durationMs: 5, output: '' },
  });
  expect(compare([tests(0)], [tests(1)])).toMatchObject({ what: 'tests after: exit code', recorded: '0', fresh: '1' });
});

test('hostile output is compared in linear time', () => {
  const hostile = `${'1'.repeat(300_000)}${'12:34:'.repeat(50_000)}${'/tmp/'.repeat(50_000)}`;
  const started = cpuMs();
  compare(run(hostile), run(hostile));
  expect(cpuMs() - started).toBeLessThan(1500);
});
