import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readTrajectory } from '../adapters/filesystem/trajectory-reader.ts';
import { asGitFolder, locateGitFolder } from '../adapters/git/git-folder.ts';
import { compareReplay } from '../adapters/replay/compare-replay.ts';
import { EntropyError } from '../domain/error.ts';
import type { ReplayReport, ReplayRun } from '../domain/replay-run.ts';
import { defaultSettings } from '../domain/settings.ts';
import type { TrajectoryEvent } from '../domain/trajectory.ts';
import { openAgentRoom } from './agent-room.ts';
import { readEnvironment } from './config.ts';
import { handOverFiles } from './hand-over.ts';
import { localTask } from './local-task.ts';
import { writePatchFile } from './patch-file.ts';
import { runFiles } from './run-folder.ts';

type Started = Extract<TrajectoryEvent, { type: 'run.started' }>;
type Finished = Extract<TrajectoryEvent, { type: 'run.finished' }>;

/** Runs a recorded trajectory again: the recorded answers instead of a model, the tools for real, the patches compared. */
export const replayRun: ReplayRun = async (options, onEvent, signal) => {
  const startedAt = performance.now();
  const { events } = await readTrajectory(options.trajectory);
  const started = events.find((event): event is Started => event.type === 'run.started');
  if (started === undefined) {
    throw new EntropyError({
      code: 'E306',
      message: `${options.trajectory} has no run.started, so nobody knows what it started from`,
      fix: 'name the whole trajectory.jsonl of a run',
    });
  }
  const finished = events.findLast((event): event is Finished => event.type === 'run.finished');
  const source = (await locateGitFolder(options.repository)) ?? (await asGitFolder(options.repository));
  if (source === undefined) {
    throw new EntropyError({
      code: 'E501',
      message: `${options.repository} is not a git repository`,
      fix: `name the repository that holds commit ${started.baseSha}`,
    });
  }
  const folder = options.keepDir ?? (await mkdtemp(join(tmpdir(), 'entropy-replay-')));
  await using cleanup = new AsyncDisposableStack();
  if (options.keepDir === undefined) cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });

  const test = options.testCommand ?? recordedTestCommand(events);
  const task = localTask({
    runId: started.runId,
    text: { title: started.title, body: '' },
    repositoryName: basename(options.repository),
    baseSha: started.baseSha,
    baseBranch: 'recorded',
    settings: {
      ...defaultSettings,
      ...started.budget,
      model: `replay:${options.trajectory}`,
      setup: options.setupCommand,
      test,
    },
    instructions: [],
    now: Date.now(),
  });
  const from = { kind: 'path', gitDir: source.commonDir } as const;
  await using room = await openAgentRoom({ task, from, resultDir: folder, onEvent }, signal);
  const result = await room.work(signal);
  const trajectory = join(folder, handOverFiles.trajectory);
  const fresh = await readTrajectory(trajectory);
  const compared = compareReplay(events, fresh.events);
  const recordedTree = finished?.patch?.treeSha ?? null;
  const replayedTree = result.patch?.treeSha ?? null;
  const patchPath = result.patch === undefined ? null : join(folder, runFiles.patch);
  if (result.patch !== undefined && patchPath !== null) {
    const { hostPath } = readEnvironment();
    await writePatchFile({ patch: result.patch, workspace: room.workspace, hostPath, file: patchPath }, signal);
  }
  return {
    schema: 1,
    ...verdictOf({ finished, recordedTree, replayedTree }),
    runId: started.runId,
    baseSha: started.baseSha,
    recorded: { outcome: finished?.outcome ?? null, treeSha: recordedTree },
    replayed: { outcome: result.outcome, treeSha: replayedTree },
    turns: result.spend.turns,
    firstDifference: compared.kind === 'same' ? null : { turn: turnOf(events, compared.seq), what: compared.what },
    patchPath: options.keepDir === undefined ? null : patchPath,
    trajectory: options.keepDir === undefined ? null : trajectory,
    durations: { ...room.durations, ...result.durations, total: Math.round(performance.now() - startedAt) },
  };
};

function recordedTestCommand(events: readonly TrajectoryEvent[]): string | undefined {
  for (const event of events) if (event.type === 'tests.finished') return event.run.command;
  return undefined;
}

interface Trees {
  readonly finished: Finished | undefined;
  readonly recordedTree: string | null;
  readonly replayedTree: string | null;
}

function verdictOf({ finished, recordedTree, replayedTree }: Trees): Pick<ReplayReport, 'verdict' | 'reason'> {
  if (finished === undefined) {
    return {
      verdict: 'incomplete',
      reason: 'The recording ends before the run did, so there is no patch to compare with.',
    };
  }
  if (recordedTree === replayedTree) {
    const what = recordedTree === null ? 'Neither run made a patch.' : `Both runs end with tree ${recordedTree}.`;
    return { verdict: 'same', reason: what };
  }
  const reason = `The recorded run ended with ${recordedTree ?? 'no patch'}, the replay with ${replayedTree ?? 'no patch'}.`;
  return { verdict: 'different', reason };
}

/** The turn that a recorded event belongs to; 0 before the first. */
function turnOf(events: readonly TrajectoryEvent[], seq: number): number {
  const before = events.filter((event) => event.seq <= seq && 'turn' in event);
  const last = before.at(-1);
  return last !== undefined && 'turn' in last ? last.turn : 0;
}
