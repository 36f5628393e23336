import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createReplayModel, openReplayModel } from '../../../../src/adapters/replay/replay-model.ts';
import type { TrajectoryBody } from '../../../../src/domain/trajectory.ts';
import type { ModelRequest } from '../../../../src/ports/model.ts';
import { modelReplied, numbered, runFinished, runStarted, toolFinished } from '../../../fakes/sample-events.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const request = (turn: number): ModelRequest => ({ turn, system: '', tools: [], messages: [], maxOutputTokens: 1000 });
const { signal } = new AbortController();
const recording = (...bodies: TrajectoryBody[]) => ({ events: numbered(bodies), torn: false });
const refused = (message: string) =>
  expect.objectContaining({ code: 'E306', message: expect.stringContaining(message), retryable: false });

test('replies come back in order with the recorded usage and cost', async () => {
  const first = modelReplied(1, 'one');
  const second = modelReplied(2, 'two');
  const model = createReplayModel(
    recording(runStarted, first, toolFinished(1, 'x'), second, runFinished('2'.repeat(40))),
  );
  expect(model.remaining()).toBe(2);
  const { type: _, turn: __, durationMs: ___, ...reply } = first;
  expect(await model.complete(request(1), signal)).toEqual(reply);
  expect(await model.complete(request(2), signal)).toMatchObject({ content: second.content, costMicroUsd: 646 });
  expect(model.remaining()).toBe(0);
  await expect(model.complete(request(3), signal)).rejects.toThrow(refused('only 2 were recorded'));
});

test('a request at another turn than recorded is a divergence', async () => {
  const model = createReplayModel(recording(runStarted, modelReplied(1, 'one'), modelReplied(2, 'two')));
  await model.complete(request(1), signal);
  await expect(model.complete(request(3), signal)).rejects.toThrow(refused('recorded at turn 2'));
});

test('a failure that ended the recorded run fails again', async () => {
  const failed = { type: 'model.failed', turn: 2, message: 'the model is overloaded', retryable: true } as const;
  const model = createReplayModel(recording(runStarted, modelReplied(1, 'one'), failed));
  await model.complete(request(1), signal);
  await expect(model.complete(request(2), signal)).rejects.toThrow(
    expect.objectContaining({ code: 'E300', message: expect.stringContaining('the model is overloaded') }),
  );
});

test('an aborted signal ends the call with its reason and uses no reply up', async () => {
  const model = createReplayModel(recording(runStarted, modelReplied(1, 'one')));
  await expect(model.complete(request(1), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  expect(model.remaining()).toBe(1);
});

test('what cannot be replayed is refused before anything runs', () => {
  const events = numbered([runStarted, modelReplied(1, 'one')]);
  expect(() => createReplayModel({ events: [], torn: false })).toThrow(refused('no event'));
  expect(() => createReplayModel({ events, torn: true })).toThrow(refused('torn'));
  expect(() => createReplayModel(recording(runStarted, toolFinished(1, 'x')))).toThrow(refused('no model reply'));
  expect(() => createReplayModel(recording(modelReplied(1, 'one')))).toThrow(refused('begins with model.replied'));
  const other = JSON.parse(JSON.stringify(events).replace('"schema":1', '"schema":9'));
  expect(() => createReplayModel({ events: other, torn: false })).toThrow(refused('schema is 9'));
});

test('a file that a run wrote is opened as a model; a missing, torn or damaged one is refused', async () => {
  using folder = tempFolder();
  const path = join(folder.root, 'trajectory.jsonl');
  const text = numbered([runStarted, modelReplied(1, 'one')])
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
  writeFileSync(path, text);
  const model = await openReplayModel(path);
  expect(await model.complete(request(1), signal)).toMatchObject({ costMicroUsd: 646 });
  writeFileSync(path, text.slice(0, -5));
  await expect(openReplayModel(path)).rejects.toThrow(refused('torn'));
  writeFileSync(path, text.replace('"turn"', '"tour"'));
  await expect(openReplayModel(path)).rejects.toThrow(refused('line 2'));
  await expect(openReplayModel(join(folder.root, 'none'))).rejects.toThrow(expect.objectContaining({ code: 'E102' }));
});
