import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { mergeIn, startingSha } from '../../src/domain/task.ts';
import { solveTask } from '../../src/flows/solve-task.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { createProofRooms } from '../../src/runtime/proof-rooms.ts';
import { sandboxOptions } from '../../src/runtime/sandboxes.ts';
import { call, listModel, type ShortReply } from '../fakes/list-model.ts';
import { memoryRecorder } from '../fakes/memory-recorder.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { sampleTask } from '../fakes/sample-task.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';

const ours = 'a=1\nlimit=10 # of words\n';
const theirs = 'a=1\nlimit=20\n';
const say = (content: ShortReply['content']): ShortReply => ({ content });
const write = (text: string) => call('write_file', { path: 'settings.txt', content: text });
const submit = () => call('submit', { title: 'Merge main', body: 'Both sides are there.', verified: [] });

test('a run that merges its base is refused with marks, refused with a side dropped, and accepted with both', {
  timeout: 120_000,
}, async () => {
  const signal = AbortSignal.timeout(100_000);
  using repository = realRepository({
    'settings.txt': 'a=1\nlimit=10\n',
    'test.sh': 'grep -q "limit=20 # of words" settings.txt\n',
  });
  const { git, root, temp } = repository;
  const forkSha = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '-b', 'ours');
  repository.write('settings.txt', ours);
  repository.write('new.txt', 'of this branch\n');
  const headSha = repository.commit('ours');
  git('checkout', '--quiet', '-b', 'theirs', forkSha);
  repository.write('settings.txt', theirs);
  repository.write('other.txt', 'of others\n');
  const baseSha = repository.commit('theirs');
  const bothChanged = ['settings.txt'];
  const task = sampleTask({
    testCommand: 'sh test.sh',
    base: { branch: 'main', sha: baseSha },
    continues: { branch: 'agent/1/f1-x', headSha, pullRequest: 2, mergeOf: { forkSha, bothChanged } },
    brief: { reasons: [{ kind: 'conflict', baseSha, paths: bothChanged }] },
  });
  const tempDir = path.join(temp, 'tmp');
  mkdirSync(tempDir);
  const merge = mergeIn(task);
  expect(startingSha(task)).toBe(baseSha);
  await using workspace = await openWorkspace({ root, baseSha, tempDir, ...(merge && { merge }), signal });
  const room = {
    task,
    workspace: root,
    hostPath: process.env['PATH'] ?? '',
    home: path.join(temp, 'home'),
    egress: ownEgressCommand(),
  };
  await using sandbox = await bubblewrapSandbox().open({ ...sandboxOptions(room), network: { kind: 'none' } });
  const rooms = createProofRooms({ ...room, files: workspace, tempDir });
  const clock = simulatedClock();
  const model = listModel([
    say([call('bash', { command: 'cat settings.txt; ls' })]),
    say([submit()]),
    say([write(theirs)]),
    say([submit()]),
    say([write('a=1\nlimit=20 # of words\n')]),
    say([submit()]),
  ]);
  const recorder = memoryRecorder(clock);
  const result = await solveTask({ task, model, sandbox, rooms, workspace, recorder, clock, version: '0.1.0' }, signal);
  model.assertFinished();
  const heard = JSON.stringify(model.requests.at(-1)?.messages);
  expect(heard).toContain('<<<<<<< this-branch');
  expect(heard).toContain('The test command is `sh test.sh`; it was not run yet.');
  expect(heard).toContain('marks of the conflict are left: \\"settings.txt\\", line 2');
  expect(heard).toContain('1 change of this branch is not in the merge');
  expect(heard).toContain('+ limit=10 # of words');
  expect(result).toMatchObject({ outcome: 'succeeded', testsAfter: { exitCode: 0 }, proof: { room: 'fresh' } });
  expect(result.testsBefore).toBeUndefined();
  // What others changed on the base is no part of the patch; what the branch had beside the conflict is.
  expect(result.patch?.files.map(({ path: name }) => name)).toEqual(['new.txt', 'settings.txt']);
  expect(result.patch?.base.sha).toBe(baseSha);
});
