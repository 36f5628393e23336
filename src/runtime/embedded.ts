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
import { buildReport, emptyReport } from './embedded-report.ts';
import { checkRepository, type Seed, seedOf } from './embedded-seed.ts';
import { runAgentWorkflow, type WorkflowInputs } from './embedded-workflow.ts';
import { packageRoot } from './package-root.ts';
import { runFiles, runFolder } from './run-folder.ts';

/** Who opens the issue and sends for the agent. */
const person = 'alice';

/**
 * The whole life of one issue on this machine: GitHub's stand-in is seeded, a person opens the issue and comments
 * `/agent fix`, the shipped workflow runs on the local runner, and what came of it is read from the stand-in.
 */
export const runEmbedded: RunEmbedded = async (options, onEvent, signal) => {
  const environment = readEnvironment();
  const root = packageRoot();
  const key = takeSecret(modelKeyVariable);
  if (options.repository !== undefined) await checkRepository(options.repository, environment.hostPath, signal);
  const folder = options.keepDir ?? (await mkdtemp(join(tmpdir(), 'entropy-run-')));
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
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => github.close());
  if (options.keepDir === undefined) cleanup.defer(() => rm(folder, { recursive: true, force: true }));

  const life: Life = { options, github, seed, folder, key, onEvent, root, startedAt: performance.now() };
  const report = await live(life, signal);
  const kept = await keep(life, report, environment.stateDir);
  if (options.serve === 'no') return kept;
  // The folder and the server outlive this call; they go when the person is done looking.
  const open = cleanup.move();
  signal.addEventListener('abort', () => void open.disposeAsync(), { once: true });
  return { ...kept, workspace: folder, serving: github.url };
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
}

async function live(life: Life, signal: AbortSignal): Promise<EmbeddedReport> {
  const { github, seed, onEvent, options, root } = life;
  const { owner, name } = seed.repository;
  const text = options.issue ?? (await seed.issue());
  const as = personOf(github, signal);

  const opening = performance.now();
  const issue = await as<{ number: number; html_url: string }>(`/repos/${owner}/${name}/issues`, {
    title: text.title,
    body: text.body,
  });
  phase(onEvent, 'issue', {
    subject: `issue #${issue.number}`,
    detail: `"${text.title}" by ${person}`,
    since: opening,
  });

  onEvent({ type: 'phase.started', phase: 'command', subject: '/agent fix' });
  const woken = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const stopListening = github.onEvent((event) => {
    if (event.name === 'issue_comment') woken.resolve(event.payload);
  });
  await as(`/repos/${owner}/${name}/issues/${issue.number}/comments`, { body: '/agent fix' });
  const payload = await woken.promise;
  stopListening();

  const run = await runAgentWorkflow(
    {
      github,
      repository: seed.repository,
      payload,
      issue: issue.number,
      actor: person,
      folder: life.folder,
      packageRoot: root,
      inputs: inputsOf(life),
      secrets: life.key === undefined ? {} : { ANTHROPIC_API_KEY: life.key },
      onEvent,
    },
    signal,
  );
  const issueUrl = issue.html_url;
  // A cancelled run may have ended anywhere, even before the gate; the person who stopped it is told just that.
  if (signal.aborted) {
    const told = { outcome: 'cancelled' as const, reason: 'Stopped before the run was over.' };
    return {
      ...emptyReport({ github, run, issueUrl, startedAt: life.startedAt }),
      ...told,
      runId: run.task?.runId ?? '',
    };
  }
  if (run.task === undefined) return emptyReport({ github, run, issueUrl, startedAt: life.startedAt });
  return buildReport({ github, run, task: run.task, issueUrl, folder: life.folder, startedAt: life.startedAt });
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

/** Requests as a person makes them in a browser: with a token of their own, so that events start workflows. */
function personOf(github: EmbeddedGitHub, signal: AbortSignal) {
  const token = github.userToken(person);
  return async <Answer>(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer> => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}

function phase(
  onEvent: (event: LifeEvent) => void,
  name: 'issue',
  { subject, detail, since }: { readonly subject: string; readonly detail: string; readonly since: number },
): void {
  const durationMs = performance.now() - since;
  onEvent({ type: 'phase.started', phase: name, subject });
  onEvent({ type: 'phase.finished', phase: name, ok: true, subject, detail, durationMs });
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
