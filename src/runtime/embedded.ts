import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { EmbeddedReport, EmbeddedRunOptions, RunEmbedded } from '../domain/embedded-run.ts';
import type { LifeEvent } from '../domain/life-event.ts';
import { printModelChoice } from '../domain/model-choice.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { modelKeyVariable } from './cli-environment.ts';
import { readEnvironment, takeSecret } from './config.ts';
import type { RunningCoordinator } from './coordinator-server.ts';
import { postAs } from './embedded-api.ts';
import { startEmbeddedCoordinator } from './embedded-coordinator.ts';
import { buildReport, emptyReport } from './embedded-report.ts';
import { checkRepository, type Seed, seedOf } from './embedded-seed.ts';
import { runAgentWorkflow, type WorkflowInputs } from './embedded-workflow.ts';
import { packageRoot } from './package-root.ts';
import { runFiles, runFolder } from './run-folder.ts';
import { tellPhases } from './told-phases.ts';

/** Who opens the issue and sends for the agent. */
const person = 'alice';

/** The embedded GitHub tells of an event right after the request that caused it. */
const longestEventMs = 30_000;

/**
 * The whole life of one issue on this machine: GitHub's stand-in is seeded, a person opens the issue and comments
 * `/agent fix`, the shipped workflow runs on the local runner, and what came of it is read from the stand-in.
 */
export const runEmbedded: RunEmbedded = async (options, onEvent, signal) => {
  const environment = readEnvironment();
  const root = packageRoot();
  const key = takeSecret(modelKeyVariable);
  if (options.repository !== undefined) await checkRepository(options.repository, environment.hostPath, signal);
  await using cleanup = new AsyncDisposableStack();
  const folder = options.keepDir ?? (await mkdtemp(join(tmpdir(), 'entropy-run-')));
  if (options.keepDir === undefined) cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  const seed = seedOf(options.repository, root);
  const github = await startEmbeddedGitHub({
    dataDir: join(folder, 'github'),
    port: options.port ?? 0,
    clock: createSystemClock(),
    users: [{ login: person, name: 'Alice' }],
    repositories: [{ ...seed.repository, source: seed.source, collaborators: { [person]: 'admin' } }],
    hostPath: environment.hostPath,
  });
  cleanup.defer(() => github.close());

  const at = { github, repository: seed.repository, admin: person, folder };
  const coordinator = options.serve === 'no' ? undefined : await startEmbeddedCoordinator(at, signal);
  if (coordinator !== undefined) cleanup.defer(() => coordinator.close());
  const life: Life = { options, github, seed, folder, key, onEvent, root, startedAt: performance.now(), coordinator };
  const report = await live(life, signal);
  const kept = await keep(life, report, environment.stateDir);
  if (coordinator === undefined) return kept;
  // The folder and the server outlive this call; they go when the person is done looking.
  const open = cleanup.move();
  signal.addEventListener('abort', () => void open.disposeAsync(), { once: true });
  const { url, adminKey = '' } = coordinator;
  return { ...kept, workspace: folder, serving: github.url, coordinator: { url, adminKey } };
};

interface Life {
  readonly options: EmbeddedRunOptions;
  readonly github: EmbeddedGitHub;
  readonly seed: Seed;
  readonly folder: string;
  readonly key: string | undefined;
  readonly onEvent: (event: LifeEvent) => void;
  readonly root: string;
  readonly startedAt: number;
  /** Keeps claims and books while everything is served; in git refs without it. */
  readonly coordinator: RunningCoordinator | undefined;
}

async function live(life: Life, signal: AbortSignal): Promise<EmbeddedReport> {
  const { github, seed, onEvent, options, root } = life;
  const { repository } = seed;
  const text = options.issue ?? (await seed.issue());
  const phases = tellPhases(onEvent);

  const opening = performance.now();
  const opened = { repository, path: 'issues', body: { title: text.title, body: text.body }, signal };
  const issue = await postAs<{ readonly number: number; readonly html_url: string }>(github, person, opened);
  const subject = `issue #${issue.number}`;
  const detail = `"${text.title}" by ${person}`;
  phases.started('issue', subject);
  phases.finished({ phase: 'issue', ok: true, subject, detail, durationMs: performance.now() - opening });

  phases.started('command', '/agent fix');
  const payload = await sendForAgent(life, issue.number, signal);

  const run = await runAgentWorkflow(
    {
      github,
      repository,
      payload,
      issue: issue.number,
      actor: person,
      folder: life.folder,
      packageRoot: root,
      inputs: inputsOf(life),
      secrets: life.key === undefined ? {} : { ANTHROPIC_API_KEY: life.key },
      onEvent,
      ...(life.coordinator === undefined ? {} : { coordinatorUrl: life.coordinator.url }),
    },
    signal,
  );
  const issueUrl = issue.html_url;
  const request = { github, run, issueUrl, startedAt: life.startedAt };
  const report =
    run.task === undefined
      ? emptyReport(request)
      : await buildReport({ ...request, task: run.task, folder: life.folder });
  // A cancelled run may have ended anywhere, even before the gate or after the pull request; what it did and cost counts.
  const wasStopped = signal.aborted && report.outcome !== 'succeeded';
  return wasStopped ? { ...report, outcome: 'cancelled', reason: 'Stopped before the run was over.' } : report;
}

/** Comments `/agent fix`; the payload of the event that the comment causes. */
async function sendForAgent(
  { github, seed }: Life,
  issue: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const woken = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const enough = AbortSignal.any([signal, AbortSignal.timeout(longestEventMs)]);
  const giveUp = (): void => woken.reject(enough.reason);
  using cleanup = new DisposableStack();
  cleanup.defer(() => enough.removeEventListener('abort', giveUp));
  enough.addEventListener('abort', giveUp, { once: true });
  const stopListening = github.onEvent((event) => {
    if (event.name === 'issue_comment') woken.resolve(event.payload);
  });
  cleanup.defer(stopListening);
  const comment = { path: `issues/${issue}/comments`, body: { body: '/agent fix' } };
  await postAs(github, person, { repository: seed.repository, ...comment, signal: enough });
  return await woken.promise;
}

function inputsOf({ options, key, root }: Life): WorkflowInputs {
  const sampleScript = join(root, 'examples', 'slug-fix.script.yaml');
  const model = options.model ?? (key === undefined ? { kind: 'scripted' as const, file: sampleScript } : undefined);
  return {
    ...(model === undefined ? {} : { model: printModelChoice(model, '') }),
    ...(options.setupCommand === undefined ? {} : { setup: options.setupCommand }),
    ...(options.testCommand === undefined ? {} : { 'test-command': options.testCommand }),
    'anthropic-base-url': readEnvironment().anthropicBaseUrl,
  };
}

/** Trajectory, patch and (for the sample, which exists nowhere else) the repository stay, so that the run can be replayed. */
async function keep(life: Life, report: EmbeddedReport, stateDir: string): Promise<EmbeddedReport> {
  const { options, seed, github } = life;
  if (report.runId === '') return report;
  const target = options.keepDir ?? runFolder(stateDir, report.runId);
  await mkdir(target, { recursive: true });
  const place = async (from: string | null, name: string): Promise<string | null> => {
    if (from === null || !existsSync(from)) return null;
    const to = join(target, name);
    if (from !== to) await cp(from, to, { recursive: true });
    return to;
  };
  if (seed.isSample) {
    await place(github.gitDir(seed.repository.owner, seed.repository.name), runFiles.repository);
  }
  return {
    ...report,
    workspace: options.keepDir ?? null,
    trajectory: await place(report.trajectory, runFiles.trajectory),
    patchPath: await place(report.patchPath, runFiles.patch),
  };
}
