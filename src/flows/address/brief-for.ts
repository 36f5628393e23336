import type { Brief, BriefReason, FailedCheck } from '../../domain/brief.ts';
import { EntropyError } from '../../domain/error.ts';
import { type BaseConflict, baseConflict } from './base-conflict.ts';
import type { BriefRequest, FoundBrief } from './brief-request.ts';
import { earlierWork } from './earlier-work.ts';
import { type FailedChecksRequest, failedChecks } from './failed-checks.ts';
import { type FoundRemarks, openRemarks, remarksOfComment, remarksOfReview } from './remarks.ts';

/** What a cause comes to on the pull request as it is now. */
interface Found {
  readonly reasons: readonly BriefReason[];
  readonly conflict?: BaseConflict;
  readonly unheard: number;
  /** Said when there is no reason. */
  readonly nothing: string;
}

/** What a coder that goes on with its own pull request is told besides the issue. Reads only; every text in it is untrusted. */
export async function briefFor(request: BriefRequest): Promise<FoundBrief> {
  const found = await findReasons(request);
  const { reasons, conflict, unheard } = found;
  if (reasons.length === 0) return { kind: 'nothing', why: found.nothing };
  request.log(`the coder is told of ${reasons.map(({ kind }) => kind).join(', ')}`);
  const memory = await memoryFor(request);
  const brief: Brief = { reasons, ...(memory === undefined ? {} : { memory }) };
  const merges = conflict?.kind === 'conflict' ? { mergeOf: conflict.mergeOf } : {};
  return { kind: 'brief', brief, ...merges, unheard };
}

async function memoryFor(request: BriefRequest): Promise<string | undefined> {
  const { cause } = request;
  const remembered = cause.kind === 'step' ? cause.record.memory : '';
  return remembered === '' ? earlierWork(request) : remembered;
}

async function findReasons(request: BriefRequest): Promise<Found> {
  const { cause } = request;
  switch (cause.kind) {
    case 'review': {
      const told = await remarksOfReview(request, cause.reviewId);
      return remarksOnly(told, 'The review asks for no change.');
    }
    case 'comment': {
      const told = await remarksOfComment(request, cause.commentId);
      return remarksOnly(told, 'Nobody waits for an answer to that comment.');
    }
    case 'checks':
      return checksOnly(request, cause.sha);
    case 'base': {
      const conflict = await baseConflict(request);
      const nothing =
        conflict.kind === 'untold'
          ? 'GitHub does not tell yet whether the pull request can be merged.'
          : 'The pull request can be merged as it is.';
      return { reasons: reasonOf(conflict), conflict, unheard: 0, nothing };
    }
    case 'step':
      return ofStep(request, cause.record.reasons);
    case 'asked':
      return allThatIsOpen(request);
    default:
      return cause satisfies never;
  }
}

function remarksOnly({ remarks, unheard }: FoundRemarks, otherwise: string): Found {
  const nothing = unheard > 0 && remarks.length === 0 ? 'Whoever wrote it may not start agents here.' : otherwise;
  return { reasons: remarks.length === 0 ? [] : [{ kind: 'remarks', remarks }], unheard, nothing };
}

async function checksOnly(request: BriefRequest, sha: string): Promise<Found> {
  const { forge, pull, baseSha, redact } = request;
  const nothing = (why: string): Found => ({ reasons: [], unheard: 0, nothing: why });
  if (sha !== pull.headSha) return nothing('The check is of an older commit than the head of the pull request.');
  const { failed, allOnBase } = await failedChecks({ checks: forge.checks, sha, baseSha, redact });
  if (failed.length === 0) return nothing('No check that counts has failed on the head of the pull request.');
  if (allOnBase) return nothing('The checks that failed here fail on the base branch as well.');
  return { reasons: [{ kind: 'failed-checks', checks: failed }], unheard: 0, nothing: '' };
}

/** The record knows why; only what the merge starts from is looked up, for the base may have gone on since. */
async function ofStep(request: BriefRequest, reasons: readonly BriefReason[]): Promise<Found> {
  const nothing = 'The team has no reason to start its coder again.';
  const others = reasons.filter(({ kind }) => kind !== 'conflict');
  if (others.length === reasons.length) return { reasons, unheard: 0, nothing };
  const conflict = await baseConflict(request);
  return { reasons: [...others, ...reasonOf(conflict)], conflict, unheard: 0, nothing };
}

async function allThatIsOpen(request: BriefRequest): Promise<Found> {
  const { forge, pull, baseSha, redact } = request;
  const { remarks, unheard } = await openRemarks(request);
  const failed = await readableFailures({ checks: forge.checks, sha: pull.headSha, baseSha, redact });
  const conflict = await baseConflict(request);
  const reasons: readonly BriefReason[] = [
    ...reasonOf(conflict),
    ...(remarks.length === 0 ? [] : [{ kind: 'remarks', remarks } as const]),
    ...(failed.length === 0 ? [] : [{ kind: 'failed-checks', checks: failed } as const]),
  ];
  return { reasons, conflict, unheard, nothing: 'Nothing on the pull request asks for a change.' };
}

/** Nobody asked about checks here: where the token may not read them, work that needs none of them goes on. */
async function readableFailures(request: FailedChecksRequest): Promise<readonly FailedCheck[]> {
  try {
    return (await failedChecks(request)).failed;
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E204') return [];
    throw error;
  }
}

function reasonOf(conflict: BaseConflict): readonly BriefReason[] {
  return conflict.kind === 'conflict' ? [conflict.reason] : [];
}
