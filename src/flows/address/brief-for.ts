import type { Brief, BriefReason, FailedCheck, Omitted } from '../../domain/brief.ts';
import { EntropyError } from '../../domain/error.ts';
import { type BaseConflict, baseConflict } from './base-conflict.ts';
import type { BriefRequest, FoundBrief } from './brief-request.ts';
import { earlierWork } from './earlier-work.ts';
import { type FailedChecksRequest, failedChecks } from './failed-checks.ts';
import type { Saying } from './open-conversations.ts';
import { type FoundRemarks, newRemarks, openRemarks, remarksOnEvent } from './remarks.ts';

/** What a cause comes to on the pull request as it is now. */
interface Found {
  readonly reasons: readonly BriefReason[];
  readonly conflict?: BaseConflict;
  readonly omitted?: Omitted;
  /** Said when there is no reason. */
  readonly nothing: string;
}

/** What a coder that goes on with its own pull request is told besides the issue. Reads only; every text in it is untrusted. */
export async function briefFor(request: BriefRequest): Promise<FoundBrief> {
  const found = await findReasons(request);
  const { reasons, conflict, omitted } = found;
  if (reasons.length === 0) return { kind: 'nothing', why: found.nothing };
  request.log(`the coder is told of ${reasons.map(({ kind }) => kind).join(', ')}`);
  const memory = await memoryFor(request);
  const leftOut = omitted !== undefined && omitted.left + omitted.unheard > 0;
  const brief: Brief = {
    reasons,
    ...(memory !== undefined && { memory }),
    ...(leftOut && { omitted: { left: omitted.left, unheard: omitted.unheard } }),
  };
  const merges = conflict?.kind === 'conflict' ? { mergeOf: conflict.mergeOf } : {};
  return { kind: 'brief', brief, ...merges };
}

async function memoryFor(request: BriefRequest): Promise<string | undefined> {
  const { cause } = request;
  const remembered = cause.kind === 'step' ? cause.record.memory : '';
  return remembered === '' ? earlierWork(request) : remembered;
}

async function findReasons(request: BriefRequest): Promise<Found> {
  const { cause } = request;
  switch (cause.kind) {
    case 'review':
      return onEvent(request, ({ reviewId }) => reviewId === cause.reviewId, 'The review asks for no change.');
    case 'comment': {
      const isIt = ({ id, path }: Saying): boolean => id === cause.commentId && path !== undefined;
      return onEvent(request, isIt, 'Nobody waits for an answer to that comment.');
    }
    case 'checks':
      return checksOnly(request, cause.sha);
    case 'base': {
      const conflict = await baseConflict(request);
      const nothing =
        conflict.kind === 'untold'
          ? 'GitHub does not tell yet whether the pull request can be merged.'
          : 'The pull request can be merged as it is.';
      return { reasons: reasonOf(conflict), conflict, nothing };
    }
    case 'step':
      return ofStep(request, cause.record.reasons);
    case 'asked':
      return allThatIsOpen(request);
    default:
      return cause satisfies never;
  }
}

async function onEvent(request: BriefRequest, isIt: (saying: Saying) => boolean, otherwise: string): Promise<Found> {
  const asked = await remarksOnEvent(request, isIt, request.told);
  switch (asked.kind) {
    case 'asks':
      return { reasons: reasonsOf(asked.remarks), omitted: asked.remarks, nothing: otherwise };
    case 'told':
      return { reasons: [], nothing: 'A run that began later was told of it.' };
    case 'unheard':
      return { reasons: [], nothing: 'Whoever wrote it may not start agents here.' };
    case 'nothing':
      return { reasons: [], nothing: otherwise };
    default:
      return asked satisfies never;
  }
}

function reasonsOf({ remarks }: FoundRemarks): readonly BriefReason[] {
  return remarks.length === 0 ? [] : [{ kind: 'remarks', remarks }];
}

async function checksOnly(request: BriefRequest, sha: string): Promise<Found> {
  const { forge, pull, baseSha, redact } = request;
  const nothing = (why: string): Found => ({ reasons: [], nothing: why });
  if (sha !== pull.headSha) return nothing('The check is of an older commit than the head of the pull request.');
  const { failed, allOnBase } = await failedChecks({ checks: forge.checks, sha, baseSha, redact });
  if (failed.length === 0) return nothing('No check that counts has failed on the head of the pull request.');
  if (allOnBase) return nothing('The checks that failed here fail on the base branch as well.');
  return { reasons: [{ kind: 'failed-checks', checks: failed }], nothing: '' };
}

/** The record knows why; what people said since is looked up, and what the merge starts from, for the base may have gone on. */
async function ofStep(request: BriefRequest, reasons: readonly BriefReason[]): Promise<Found> {
  const nothing = 'The team has no reason to start its coder again.';
  const said = await newRemarks(request, request.told);
  const others = [...reasons.filter(({ kind }) => kind !== 'conflict'), ...reasonsOf(said)];
  if (reasons.every(({ kind }) => kind !== 'conflict')) return { reasons: others, omitted: said, nothing };
  const conflict = await baseConflict(request);
  return { reasons: [...others, ...reasonOf(conflict)], conflict, omitted: said, nothing };
}

async function allThatIsOpen(request: BriefRequest): Promise<Found> {
  const { forge, pull, baseSha, redact } = request;
  const said = await openRemarks(request);
  const failed = await readableFailures({ checks: forge.checks, sha: pull.headSha, baseSha, redact });
  const conflict = await baseConflict(request);
  const reasons: readonly BriefReason[] = [
    ...reasonOf(conflict),
    ...reasonsOf(said),
    ...(failed.length === 0 ? [] : [{ kind: 'failed-checks', checks: failed } as const]),
  ];
  return { reasons, conflict, omitted: said, nothing: 'Nothing on the pull request asks for a change.' };
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
