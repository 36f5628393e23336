import path from 'node:path';
import { ulid } from 'ulid';
import { EntropyError } from '../../domain/error.ts';
import { attemptLimits } from '../../domain/evaluation/attempt-limits.ts';
import type { AttemptName, AttemptRecord } from '../../domain/evaluation/attempt-record.ts';
import { chooseIssues, type IssueChoice } from '../../domain/evaluation/choose-issues.ts';
import { affords, plannedAttempts } from '../../domain/evaluation/plan-attempts.ts';
import { type ResultsHeader, type ResultsLog, sortRecords } from '../../domain/evaluation/results-log.ts';
import { type EvaluationSummary, summarise } from '../../domain/evaluation/summary.ts';
import type { Settings } from '../../domain/settings.ts';
import { checkedSettings } from '../checked-settings.ts';
import { readEnvironment } from '../config.ts';
import { packageRoot } from '../package-root.ts';
import { version } from '../version.ts';
import type { EvaluatedModel } from './attempt.ts';
import { runAttemptProcess } from './attempt-link.ts';
import { checkHidden } from './check-hidden.ts';
import { type IssueFolder, readIssueFolders } from './issue-folder.ts';
import { createResults, type ResultsFile, reopenResults } from './results-file.ts';
import { findToolchains, type MissingToolchain, type Toolchains } from './toolchains.ts';

export interface EvaluationOptions {
  /** Absolute path of a folder of issues; those of this package when absent. */
  readonly issuesDir?: string;
  readonly choice: IssueChoice;
  readonly model: EvaluatedModel;
  /** As it is told. */
  readonly modelName: string;
  readonly repeat: number;
  /** Processes at the same time. */
  readonly parallel: number;
  /** Absolute path of results to go on with. */
  readonly resume?: string;
  /** Absolute path; the results and every run are kept there. */
  readonly outDir: string;
  /** Over the whole evaluation, what earlier sittings spent included. */
  readonly capUsd?: number;
  /** Most that one attempt may cost. */
  readonly ceilingUsd: number;
  readonly settings: Partial<Settings>;
  readonly hostPath: string;
  /** Absolute path; toolchains keep what they compiled there. */
  readonly cacheDir: string;
}

export interface EvaluationReport extends EvaluationSummary {
  readonly schema: 1;
  readonly model: string;
  /** Day on which it began, UTC. */
  readonly date: string;
  readonly version: string;
  readonly repeat: number;
  /** Absolute path of the results, to look into and to resume. */
  readonly results: string;
  readonly missing: readonly MissingToolchain[];
  /** Of all sittings; what was killed counts with all that it was allowed. */
  readonly spentUsd: number;
  readonly stopped: 'interrupted' | 'over-budget' | null;
}

export type TellAttempt = (record: AttemptRecord, done: number, of: number) => void;

/** Runs what is still to be run of an evaluation and tells how the model did. An interruption keeps what was judged. */
export async function evaluate(
  options: EvaluationOptions,
  tell: { readonly attempt: TellAttempt; readonly progress: (line: string) => void },
  signal: AbortSignal,
): Promise<EvaluationReport> {
  const issues = await wantedIssues(options);
  const { progress } = tell;
  const languages = new Set(issues.map(({ language }) => language));
  const { hostPath, cacheDir } = options;
  const toolchains = await findToolchains({ languages, hostPath, cacheDir, progress, signal });
  await checkHidden({ issues, toolchains, signal });
  const opened = await openResults(options);
  await using results = opened.results;
  const { header, log } = opened;
  const judgedBefore = current(log?.judged ?? [], issues);
  const lacking = new Set(toolchains.missing.map(({ language }) => language));
  const able = issues.filter(({ language }) => !lacking.has(language));
  const sitting = {
    options,
    header,
    toolchains,
    issues: new Map(able.map((issue) => [issue.id, issue])),
    results,
    tell,
  };
  const queue = plannedAttempts(able, header.repeat, judgedBefore);
  const sat = await sit(sitting, { queue, spentUsd: log?.spentUsd ?? 0 }, signal);
  const { judged, unjudged } = sortRecords([...judgedBefore, ...sat.ended]);
  const planned = plannedAttempts(issues, header.repeat, []);
  return {
    schema: 1,
    model: header.model,
    date: header.date,
    version: header.version,
    repeat: header.repeat,
    results: opened.file,
    missing: toolchains.missing,
    spentUsd: sat.spentUsd,
    stopped: sat.stopped,
    ...summarise({ issues, planned, judged, unjudged }),
  };
}

async function wantedIssues({ issuesDir, choice }: EvaluationOptions): Promise<readonly IssueFolder[]> {
  const root = issuesDir ?? path.join(packageRoot(), 'bench', 'issues');
  const { chosen, unknown } = chooseIssues(await readIssueFolders(root), choice);
  if (unknown.length === 0 && chosen.length > 0) return chosen;
  throw new EntropyError({
    code: 'E100',
    message: unknown.length > 0 ? `there is no issue ${unknown.join(', ')} in ${root}` : 'no issue fits',
    fix: `their names are those of the folders in ${root}`,
  });
}

/** An issue that was changed since its attempt is tried anew. */
function current(judged: readonly AttemptRecord[], issues: readonly IssueFolder[]): readonly AttemptRecord[] {
  const digests = new Map(issues.map(({ id, digest }) => [id, digest]));
  return judged.filter(({ issue, digest }) => digests.get(issue) === digest);
}

interface Opened {
  readonly file: string;
  readonly header: ResultsHeader;
  readonly log?: ResultsLog;
  readonly results: ResultsFile;
}

async function openResults(options: EvaluationOptions): Promise<Opened> {
  const { resume, outDir, modelName, repeat, settings, ceilingUsd } = options;
  const layers = [readEnvironment().settings, { source: 'flag', values: settings } as const];
  const limits = attemptLimits(checkedSettings(layers).values, ceilingUsd);
  if (resume === undefined) {
    const file = path.join(outDir, 'results.jsonl');
    const date = new Date().toISOString().slice(0, 10);
    const header: ResultsHeader = { type: 'evaluation', schema: 1, model: modelName, date, version, repeat, limits };
    return { file, header, results: await createResults(file, header) };
  }
  const { log, results } = await reopenResults(resume);
  const { header } = log;
  const [then, now] = [header, { model: modelName, repeat, version, limits }].map(settingText);
  if (then === now) return { file: resume, header, log, results };
  await results[Symbol.asyncDispose]();
  throw new EntropyError({
    code: 'E100',
    message: `${resume} is of ${then}; this is ${now}`,
    fix: 'say the same as then, or begin a new evaluation: one rate is of one model under one set of limits',
  });
}

function settingText({ model, repeat, version: by, limits }: Omit<ResultsHeader, 'type' | 'schema' | 'date'>): string {
  return `${model}, ${repeat} attempts each, by ${by}, each allowed ${limits}`;
}

interface Sitting {
  readonly options: EvaluationOptions;
  readonly header: ResultsHeader;
  readonly toolchains: Toolchains;
  readonly issues: ReadonlyMap<string, IssueFolder>;
  readonly results: ResultsFile;
  readonly tell: { readonly attempt: TellAttempt };
}

interface Sat {
  readonly ended: readonly AttemptRecord[];
  readonly spentUsd: number;
  readonly stopped: EvaluationReport['stopped'];
}

/** A bounded number of attempts at a time, until none is left, the money is, or somebody interrupts. */
async function sit(
  sitting: Sitting,
  { queue, spentUsd: before }: { readonly queue: readonly AttemptName[]; readonly spentUsd: number },
  signal: AbortSignal,
): Promise<Sat> {
  const { options, results, tell } = sitting;
  const { capUsd, ceilingUsd } = options;
  const fault = new AbortController();
  const either = AbortSignal.any([signal, fault.signal]);
  const waiting = [...queue];
  const ended: AttemptRecord[] = [];
  let running = 0;
  let spentUsd = before;
  // A seat that finds no money leaves. One that is still at work looks again at its end, when more may be left.
  const next = (): AttemptName | undefined => {
    const purse = { spentUsd, reservedUsd: running * ceilingUsd, ...(capUsd === undefined ? {} : { capUsd }) };
    return either.aborted || !affords(purse, ceilingUsd) ? undefined : waiting.shift();
  };
  const seat = async (): Promise<void> => {
    for (let name = next(); name !== undefined; name = next()) {
      running += 1;
      const record = await attemptOnce(sitting, name, either);
      await results.append(record);
      running -= 1;
      spentUsd += record.costUsd;
      ended.push(record);
      tell.attempt(record, ended.length, queue.length);
    }
  };
  const guarded = () =>
    seat().catch((error: unknown) => {
      // The others close their sandboxes before this is told.
      fault.abort(error);
      throw error;
    });
  const seats = await Promise.allSettled(Array.from({ length: options.parallel }, guarded));
  const failed = seats.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const left = waiting.length > 0 || ended.some(({ verdict }) => verdict === 'stopped');
  return { ended, spentUsd, stopped: left ? (signal.aborted ? 'interrupted' : 'over-budget') : null };
}

async function attemptOnce(sitting: Sitting, name: AttemptName, signal: AbortSignal): Promise<AttemptRecord> {
  const { options, toolchains, results, issues } = sitting;
  const { ceilingUsd, outDir, model, settings } = options;
  const folder = issues.get(name.issue)?.folder;
  if (folder === undefined) throw new Error(`${name.issue} is not one of the issues`);
  await results.append({ type: 'started', ...name, at: new Date().toISOString(), ceilingUsd });
  // A new one for each try: an attempt that was killed may have left half a run.
  const keepDir = path.join(outDir, `${name.issue}-${name.attempt}-${ulid()}`);
  const given: Partial<Settings> = {
    ...settings,
    sandboxEnv: toolchains.env,
    maxCostMicroUsd: Math.round(ceilingUsd * 1e6),
  };
  return runAttemptProcess({ ...name, folder, model, keepDir, settings: given }, { hostPath: toolchains.path, signal });
}
