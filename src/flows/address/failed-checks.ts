import type { FailedCheck } from '../../domain/brief.ts';
import { excerptOf, maxExcerpt } from '../../domain/checks/excerpt.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { Forge } from '../../ports/forge.ts';
import type { CheckAnnotation, CheckInfo, ForgeChecks, JobStep } from '../../ports/forge-checks.ts';
import { isSameCheck, sortChecks } from './sort-checks.ts';

export interface FailedChecksRequest {
  readonly checks: ForgeChecks;
  readonly sha: string;
  /** Head of the base: what fails there as well is said to. Absent: nobody looks. */
  readonly baseSha?: string | undefined;
  readonly redact: (text: string) => string;
}

/** So many are told with their logs; of the others the names. */
const mostRead = 5;
const mostTold = 20;
const mostAnnotations = 10;
const logBytes = 2 * 1024 * 1024;
const allCharacters = 20_000;

export interface FoundFailures {
  readonly failed: readonly FailedCheck[];
  /** Each of them fails on the base as well: nothing that this change has done. */
  readonly allOnBase: boolean;
}

/** The checks that failed on a commit, each with what tells why: its annotations, and the part of its log that matters. */
export async function failedChecks(request: FailedChecksRequest): Promise<FoundFailures> {
  const { checks, sha, baseSha } = request;
  const sorted = await sortChecks(checks, sha);
  const failed = sorted.failed.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  if (failed.length === 0) return { failed: [], allOnBase: false };
  const onBase = new Set(await alsoOnBase(checks, failed, baseSha));
  // What the change itself broke is read first.
  const ordered = [...failed.filter((check) => !onBase.has(check)), ...failed.filter((check) => onBase.has(check))];
  const told: FailedCheck[] = [];
  let room = allCharacters;
  for (const [at, check] of ordered.slice(0, mostTold).entries()) {
    const steps = check.jobId === undefined ? undefined : sorted.steps.get(check.jobId);
    const why = at < mostRead && room > 500 ? await whyItFailed(request, { check, steps }, room) : '';
    const excerpt = [onBase.has(check) ? sameOnBase : '', why].filter((part) => part !== '').join('\n');
    room -= excerpt.length;
    const { name, url, conclusion = 'failure' } = check;
    told.push({ name: oneLine(name, 200), url, conclusion, excerpt });
  }
  return { failed: told, allOnBase: failed.every((check) => onBase.has(check)) };
}

/** Those that fail there too. Where one of the name passes there, it is not known which of them this is: it counts. */
async function alsoOnBase(
  checks: ForgeChecks,
  failed: readonly CheckInfo[],
  baseSha: string | undefined,
): Promise<readonly CheckInfo[]> {
  if (baseSha === undefined) return [];
  const there = await sortChecks(checks, baseSha);
  const isThere = (check: CheckInfo, among: readonly CheckInfo[]): boolean =>
    among.some((other) => isSameCheck(check, other));
  return failed.filter((check) => isThere(check, there.failed) && !isThere(check, there.passed));
}

/** The same for the head of a pull request, held against the head of its base. */
export async function failedOnPull(
  forge: Pick<Forge, 'branchHead' | 'checks' | 'pullRequest'>,
  {
    pull,
    headSha,
    redact,
  }: { readonly pull: number; readonly headSha: string; readonly redact: (text: string) => string },
): Promise<FoundFailures> {
  const branch = (await forge.pullRequest(pull))?.baseBranch;
  const baseSha = branch === undefined ? undefined : await forge.branchHead(branch);
  return failedChecks({ checks: forge.checks, sha: headSha, baseSha, redact });
}

const sameOnBase = '(The check of this name fails on the head of the base branch as well: it may not be this change.)';

async function whyItFailed(
  { checks, redact }: FailedChecksRequest,
  { check, steps = [] }: { readonly check: CheckInfo; readonly steps: readonly JobStep[] | undefined },
  room: number,
): Promise<string> {
  const annotations = check.annotations === 0 ? [] : (await checks.annotations(check)).filter(isFailure);
  const places = annotations.slice(0, mostAnnotations).map(annotationText);
  const log = check.jobId === undefined ? undefined : await checks.jobLog(check.jobId, logBytes);
  // Redacted first: a secret that is cut in two is none that anybody finds.
  const excerpt =
    log === undefined
      ? ''
      : excerptOf(
          redact(log),
          Math.min(room, maxExcerpt),
          steps.filter(({ failed }) => failed),
        );
  const summary = excerpt === '' && check.summary !== undefined ? check.summary.slice(0, 2_000) : '';
  const unread = check.jobId !== undefined && log === undefined ? '(Its log could not be read.)' : '';
  const parts = [redact(places.join('\n')), redact(summary), excerpt, unread];
  return parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, room);
}

function isFailure({ level, message }: CheckAnnotation): boolean {
  return level === 'failure' && !/^Process completed with exit code \d/.test(message);
}

function annotationText({ path, line, message }: CheckAnnotation): string {
  return `${oneLine(path, 200)}:${line}: ${oneLine(message, 400)}`;
}
