import { verdictOf } from '../../domain/checks/check-verdict.ts';
import { isOurJob, isOurStep } from '../../domain/checks/our-job.ts';
import type { CheckInfo, ForgeChecks, JobStep } from '../../ports/forge-checks.ts';

/** What the checks of a commit say about it. Jobs of ours are in none of the lists. */
export interface SortedChecks {
  readonly failed: readonly CheckInfo[];
  readonly passed: readonly CheckInfo[];
  /** They ended, and say nothing: cancelled, overtaken, waiting for a person. */
  readonly silent: readonly CheckInfo[];
  readonly unfinished: readonly CheckInfo[];
  /** Steps of those that were looked at, by the job's id. */
  readonly steps: ReadonlyMap<number, readonly JobStep[]>;
}

/** Each costs a request; of more than these only the name tells whose it is. */
const mostLookedInto = 10;

/** The checks of a commit by what they say. A job is ours by its name, or, where that says nothing, by its steps. */
export async function sortChecks(checks: Pick<ForgeChecks, 'of' | 'jobSteps'>, sha: string): Promise<SortedChecks> {
  const others = (await checks.of(sha)).filter((check) => !isOurJob(check));
  const steps = await stepsOf(checks, others.filter(matters).slice(0, mostLookedInto));
  const isOurs = ({ jobId }: CheckInfo): boolean =>
    jobId !== undefined && (steps.get(jobId)?.some(({ name }) => isOurStep(name)) ?? false);
  const counting = others.filter((check) => !isOurs(check));
  const ended = counting.filter(({ status }) => status === 'completed');
  const that = (verdict: ReturnType<typeof verdictOf>): readonly CheckInfo[] =>
    ended.filter(({ conclusion }) => verdictOf(conclusion) === verdict);
  return {
    ...{ failed: that('failed'), passed: that('passed'), silent: that('says-nothing') },
    unfinished: counting.filter(({ status }) => status !== 'completed'),
    steps,
  };
}

/** What is green needs no closer look: whoever's it is, nobody waits for it or is sent back for it. */
function matters({ status, conclusion }: CheckInfo): boolean {
  return status !== 'completed' || verdictOf(conclusion) === 'failed';
}

async function stepsOf(
  checks: Pick<ForgeChecks, 'jobSteps'>,
  jobs: readonly CheckInfo[],
): Promise<ReadonlyMap<number, readonly JobStep[]>> {
  const found = new Map<number, readonly JobStep[]>();
  for (const { jobId } of jobs) {
    const steps = jobId === undefined ? undefined : await checks.jobSteps(jobId);
    if (jobId !== undefined && steps !== undefined) found.set(jobId, steps);
  }
  return found;
}

/** Names that are the same and told by the same App, or by commit statuses, on two commits. */
export function isSameCheck(one: CheckInfo, other: CheckInfo): boolean {
  return one.name === other.name && one.app === other.app;
}
