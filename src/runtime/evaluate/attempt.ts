import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../adapters/filesystem/remove-folder.ts';
import { encloseFolder } from '../../adapters/git/enclose-folder.ts';
import { describeError } from '../../domain/error.ts';
import { type Adversary, adversaryScript } from '../../domain/evaluation/adversaries.ts';
import type { AttemptName, AttemptRecord } from '../../domain/evaluation/attempt-record.ts';
import type { LocalReport } from '../../domain/local-run.ts';
import type { ModelChoice } from '../../domain/run-report.ts';
import type { Settings } from '../../domain/settings.ts';
import { needsBase, weakenedTests } from '../../domain/test-changes/weakened-tests.ts';
import { parseRunResult } from '../../flows/run-result-schema.ts';
import { checkedSettings } from '../checked-settings.ts';
import { readEnvironment } from '../config.ts';
import { readResult } from '../hand-over.ts';
import { runLocal } from '../local-run.ts';
import { readRepositoryConfig } from '../repository-config.ts';
import { type IssueFolder, issueFiles, readIssueFolder, testFilesOf } from './issue-folder.ts';
import { type Judgement, judge } from './judge.ts';

/** Whose work is evaluated; what differs from issue to issue is found there. */
export type EvaluatedModel =
  | { readonly kind: 'reference' }
  | { readonly kind: 'adversary'; readonly name: Adversary }
  | { readonly kind: 'model'; readonly choice: ModelChoice };

export interface AttemptRequest extends AttemptName {
  /** Absolute path of the issue's folder. */
  readonly folder: string;
  readonly model: EvaluatedModel;
  /** Absolute path; the run's trajectory, its change and the judge's output are left there. */
  readonly keepDir: string;
  /** Beside those of the repository and of the environment. */
  readonly settings: Partial<Settings>;
}

/**
 * One attempt at one issue: a new repository of its files, the agent as `run` starts it for anybody, and the judge over
 * what it hands over. A fault of ours is told in the record, and so is a stop; nothing is thrown.
 */
export async function runAttempt(request: AttemptRequest, signal: AbortSignal): Promise<AttemptRecord> {
  const folder = await mkdtemp(path.join(tmpdir(), 'entropy-attempt-'));
  await using own = new AsyncDisposableStack();
  own.defer(() => removeFolder(folder));
  const { issue, attempt } = request;
  let known: KnownOfAttempt = {};
  const keep = (more: KnownOfAttempt): void => {
    known = { ...known, ...more };
  };
  try {
    const read = await readIssueFolder(request.folder);
    keep({ digest: read.digest });
    return await attemptAt(read, { ...request, tempDir: folder, keep }, signal);
  } catch (error) {
    const verdict = signal.aborted ? 'stopped' : 'faulted';
    return { ...nothingDone, ...known, issue, attempt, at: now(), verdict, reason: describeError(error) };
  }
}

/** What an attempt that came to nothing is told with. */
export const nothingDone = {
  type: 'ended',
  digest: '',
  turns: 0,
  modelCalls: 0,
  tokens: 0,
  costUsd: 0,
  seconds: 0,
  judgeSeconds: 0,
  weakened: [],
} as const;

/** What is told of an attempt that broke: the model was paid all the same. */
type KnownOfAttempt = Partial<Omit<AttemptRecord, 'type' | 'verdict' | 'reason'>>;

interface Attempt extends AttemptRequest {
  readonly tempDir: string;
  readonly keep: (more: KnownOfAttempt) => void;
}

/** Of an attempt whose end nobody heard: all that it was allowed, where a model is paid. */
export function costAtMost({ model, settings }: AttemptRequest): number {
  const isPaid = model.kind === 'model' && model.choice.kind === 'anthropic';
  return isPaid ? (settings.maxCostMicroUsd ?? 0) / 1e6 : 0;
}

async function attemptAt(issue: IssueFolder, request: Attempt, signal: AbortSignal): Promise<AttemptRecord> {
  const { tempDir, keepDir, keep } = request;
  const { hostPath, settings: environment } = readEnvironment();
  const repository = path.join(tempDir, issue.id);
  await cp(path.join(issue.folder, issueFiles.repository), repository, { recursive: true });
  await encloseFolder({ folder: repository, path: hostPath, signal });
  await mkdir(keepDir, { recursive: true });
  const model = await choiceFor(request.model, issue, tempDir);
  const asked = { source: 'flag', values: request.settings };
  const settings = checkedSettings([await readRepositoryConfig(repository), environment, asked]).values;
  const seen: Seen = { modelFault: undefined };
  const started = performance.now();
  keep({ costUsd: costAtMost(request) });
  const report = await runLocal(
    { repository, task: issue, model, settings, delivery: { kind: 'patch-file' }, keepDir },
    (event) => {
      if (event.type !== 'step') return;
      if (event.event.type === 'model.failed') seen.modelFault = event.event.message;
      else if (event.event.type === 'model.replied') seen.modelFault = undefined;
    },
    signal,
  );
  const ran = performance.now();
  keep(figuresOf(report));
  const told = await tell(report, issue, settings.test);
  const record = { ...told, issue: issue.id, attempt: request.attempt, digest: issue.digest };
  const serviceFailed = request.model.kind === 'model' && model.kind === 'anthropic' && seen.modelFault !== undefined;
  if (report.outcome === 'failed' && serviceFailed) {
    return { ...record, at: now(), verdict: 'faulted', reason: `the model's service: ${seen.modelFault}` };
  }
  const stopped = { ...record, verdict: 'stopped', reason: 'somebody stopped the evaluation' } as const;
  if (signal.aborted) return { ...stopped, at: now() };
  const place = { issue, settings, tempDir, hostPath, keepDir };
  const end = await verdictOn(report, place, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return undefined;
  });
  if (end === undefined) return { ...stopped, at: now() };
  const reason = end.kind === 'solved' ? '' : end.reason;
  const judgeSeconds = seconds(performance.now() - ran);
  return { ...record, at: now(), verdict: end.kind, reason, seconds: seconds(ran - started), judgeSeconds };
}

interface Seen {
  /** Why the model's service gave no answer, when that was the last that was heard of it. */
  modelFault: string | undefined;
}

async function choiceFor(model: EvaluatedModel, issue: IssueFolder, tempDir: string): Promise<ModelChoice> {
  switch (model.kind) {
    case 'reference':
      return { kind: 'scripted', file: path.join(issue.folder, issueFiles.reference) };
    case 'adversary': {
      const file = path.join(tempDir, `${model.name}.json`);
      await writeFile(file, adversaryScript(model.name, await testFilesOf(issue)));
      return { kind: 'scripted', file };
    }
    case 'model':
      return model.choice;
    default:
      return model satisfies never;
  }
}

function figuresOf({ outcome, turns, modelCalls, tokens, costUsd, durations }: LocalReport) {
  const took = seconds(durations['total'] ?? 0);
  return { outcome, turns, modelCalls, tokens: tokens.total, costUsd, seconds: took };
}

/** What is told of a run whatever the judge says. */
async function tell(report: LocalReport, issue: IssueFolder, testCommand: string | undefined) {
  const { sandboxRung, patchPath, trajectory } = report;
  const weakened =
    trajectory === null ? [] : await weakenedBy(path.dirname(trajectory), path.join(issue.folder, 'repo'), testCommand);
  return {
    ...nothingDone,
    ...figuresOf(report),
    weakened,
    ...(sandboxRung === null ? {} : { sandbox: sandboxRung }),
    ...(patchPath === null
      ? {}
      : {
          patchSha256: createHash('sha256')
            .update(await readFile(patchPath))
            .digest('hex'),
        }),
  };
}

async function weakenedBy(
  resultDir: string,
  repository: string,
  testCommand: string | undefined,
): Promise<readonly string[]> {
  const given = await readResult(resultDir);
  const patch = given === undefined ? undefined : (await parseRunResult(given)).patch;
  const files = await Promise.all(
    (patch?.files ?? []).map(async (file) => {
      const before = needsBase(file, testCommand)
        ? await readFile(path.join(repository, file.path), 'utf8')
        : undefined;
      return { file, before };
    }),
  );
  return [...new Set(weakenedTests(files, testCommand).map((found) => found.path))].sort();
}

interface JudgedAt {
  readonly issue: IssueFolder;
  readonly settings: Settings;
  readonly tempDir: string;
  readonly hostPath: string;
  readonly keepDir: string;
}

/** Only what the agent itself handed over as done is judged; a person would be shown nothing else. */
async function verdictOn(report: LocalReport, at: JudgedAt, signal: AbortSignal): Promise<Judgement> {
  const { issue, settings, tempDir, hostPath, keepDir } = at;
  const { outcome, patchPath } = report;
  if (outcome !== 'succeeded' || patchPath === null) {
    return { kind: 'failed', reason: `${outcome.replace('_', ' ')}: ${firstLine(report.reason)}` };
  }
  if (settings.test === undefined) throw new Error(`${issue.id}: its repository names no test command`);
  const log: string[] = [];
  const judgement = await judge(
    {
      issue,
      patch: patchPath,
      testCommand: settings.test,
      place: { tempDir, hostPath, env: settings.sandboxEnv },
      onRun: (what, run) => log.push(`## ${what}: ${run.command} → ${run.exitCode ?? 'none'}\n\n${run.output}\n`),
    },
    signal,
  );
  await writeFile(path.join(keepDir, 'judge.txt'), log.join('\n'));
  return judgement;
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function now(): string {
  return new Date().toISOString();
}
