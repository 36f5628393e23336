import { pairOp, tooManyConflicts } from '../domain/base-merge.ts';
import type { Brief } from '../domain/brief.ts';
import { tooManyFailures } from '../domain/pull-answers.ts';
import type { RequestCause } from '../domain/request-cause.ts';
import { createSecretGuard } from '../domain/secret-guard.ts';
import { teamWaits } from '../domain/team-answers.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import { briefFor } from './address/brief-for.ts';
import type { BriefCause } from './address/brief-request.ts';
import { wasTold } from './address/merge-told.ts';
import { lastRunBegan, nothingTold, type ToldBefore, toldByTeam } from './address/told-before.ts';
import type { Admission, Gate, ReadyWork } from './gate.ts';
import { hearing } from './hearing.ts';
import { findingsOf, readRounds, roundAfter } from './read-rounds.ts';
import { refuse } from './refuse.ts';
import { turnAfter } from './team-turn.ts';
import { triedTooOften } from './tried-too-often.ts';
import type { WorkOrder } from './turn.ts';

export type ToldWork =
  | { readonly kind: 'ready'; readonly work: ReadyWork }
  | { readonly kind: 'ended'; readonly admission: Admission };

/**
 * What a coder that goes on with its pull request is told besides the issue: remarks, findings, failed checks, conflicts. Where
 * nobody typed a command and nothing asks for a change, nothing is started.
 */
export async function tellWhy(gate: Gate, work: ReadyWork, order: WorkOrder): Promise<ToldWork> {
  const { request, continues } = work;
  const { cause } = request;
  if (cause?.kind === 'checks' && (await triedTooOften(gate, work))) {
    const text = tooManyFailures(request.settings.teamRounds);
    const once = `checks-${cause.sha}`;
    return { kind: 'ended', admission: await refuse(gate, request, { reason: 'budget', text, aloud: true, once }) };
  }
  const isToldOfPull = cause?.kind === 'checks' || cause?.kind === 'base';
  if (isToldOfPull && continues === undefined) return ignored('its pull request is not open any more');
  if (work.work !== 'change' || continues === undefined) {
    const memory = order.turn?.record.memory ?? '';
    const reasons = await earlierRounds(gate, work, order);
    const isBlank = memory === '' && reasons.length === 0;
    return { kind: 'ready', work: isBlank ? work : { ...work, brief: { reasons, ...(memory !== '' && { memory }) } } };
  }
  const pull = await gate.forge.pullRequest(continues.pullRequest);
  if (pull === undefined) return { kind: 'ready', work };
  const found = await briefFor({
    forge: gate.forge,
    issue: work.issue.number,
    pull,
    baseSha: work.base.sha,
    cause: briefCause(cause, order),
    mayBeHeard: hearing(gate.forge, request.settings),
    told: await toldBefore(gate, work, order),
    redact: gate.redact ?? createSecretGuard({}).redact,
    log: gate.log,
    clock: gate.clock,
    signal: order.signal,
  });
  if (found.kind === 'nothing') {
    const unasked = cause !== undefined && cause.kind !== 'step' && cause.kind !== 'schedule';
    if (unasked) return ignored(found.why);
    if (order.sentBack === undefined || order.sentBack.record.state.kind === 'over') return { kind: 'ready', work };
    const text = teamWaits(order.sentBack.record, request.settings.triggerPhrase);
    return { kind: 'ended', admission: await refuse(gate, request, { reason: 'team', text }) };
  }
  const told = cause?.kind === 'base' ? await toldOfBase(gate, work, continues.headSha) : undefined;
  if (told !== undefined) return told;
  const goesOn = found.mergeOf === undefined ? continues : { ...continues, mergeOf: found.mergeOf };
  const ready = { ...work, continues: goesOn, brief: found.brief };
  return order.sentBack === undefined ? { kind: 'ready', work: ready } : withTurn(gate, ready, order.sentBack);
}

/** What comes late, of a review that has many comments above all, asks for nothing that a run was told already. */
async function toldBefore({ forge }: Gate, { request, place }: ReadyWork, order: WorkOrder): Promise<ToldBefore> {
  const record = order.turn?.record ?? order.sentBack?.record;
  const { ids } = record === undefined ? nothingTold : toldByTeam(record);
  const { cause } = request;
  const remark = cause?.kind === 'review' || cause?.kind === 'line-comment';
  // What that run was not told, it has looked up.
  const until = remark && cause.again !== true ? await lastRunBegan(forge, place.comments) : undefined;
  return { ids, ...(until !== undefined && { until }) };
}

/** One run for one pair of commits, and no more than `team.rounds` without a person's word between them. */
async function toldOfBase(gate: Gate, work: ReadyWork, headSha: string): Promise<ToldWork | undefined> {
  const { request, place, base } = work;
  const pair = { baseSha: base.sha, headSha };
  if (await wasTold(gate.forge, place.comments, { ...pair, ours: gate.dispatch?.runId })) {
    return ignored('its coder was sent for this very conflict before');
  }
  if (!(await triedTooOften(gate, work))) return undefined;
  const text = tooManyConflicts(request.settings.teamRounds);
  const refusal = { reason: 'budget', text, aloud: true, once: pairOp(pair) } as const;
  return { kind: 'ended', admission: await refuse(gate, request, refusal) };
}

function ignored(reason: string): ToldWork {
  return { kind: 'ended', admission: { kind: 'ignored', reason } };
}

/** A reviewer is told what earlier rounds found, so that nothing is told twice and every answer is decided about. */
async function earlierRounds(gate: Gate, { work, pull }: ReadyWork, { turn }: WorkOrder): Promise<Brief['reasons']> {
  if (work !== 'review' || pull === undefined) return [];
  const rounds = await readRounds(gate.forge, pull.number);
  const answers = new Map(turn?.record.findings.map(({ fingerprint, answer }) => [fingerprint, answer]));
  const findings = findingsOf(rounds, pull.number).map((finding) => {
    const answer = finding.answer ?? answers.get(finding.fingerprint);
    return answer === undefined ? finding : { ...finding, answer };
  });
  return findings.length === 0 ? [] : [{ kind: 'findings', findings, round: roundAfter(rounds) }];
}

function briefCause(cause: RequestCause | undefined, { turn }: WorkOrder): BriefCause {
  if (turn !== undefined) return { kind: 'step', record: turn.record };
  switch (cause?.kind) {
    case 'review':
      return { kind: 'review', reviewId: cause.reviewId };
    case 'line-comment':
      return { kind: 'comment', commentId: cause.commentId };
    case 'checks':
      return { kind: 'checks', sha: cause.sha };
    case 'base':
      return { kind: 'base' };
    default:
      return { kind: 'asked' };
  }
}

/** A team that rests hears the reasons, and makes the coder's run its next step. */
async function withTurn(
  gate: Gate,
  work: ReadyWork & { readonly brief: Brief },
  sentBack: StoredTeamRecord,
): Promise<ToldWork> {
  const { brief } = work;
  const { cause } = work.request;
  const by = cause?.kind === 'checks' || cause?.kind === 'base' ? 'forge' : 'person';
  const turn = turnAfter(gate, sentBack, { kind: 'sent-back', reasons: brief.reasons, by });
  if (turn?.command === 'fix') {
    const { memory } = turn.record;
    const told = memory === '' ? brief : { ...brief, memory };
    return { kind: 'ready', work: { ...work, brief: told, turn } };
  }
  // Of a team that is over nothing is left to be told.
  if (sentBack.record.state.kind === 'over') return { kind: 'ready', work };
  const { request } = work;
  const text = teamWaits(sentBack.record, request.settings.triggerPhrase);
  return { kind: 'ended', admission: await refuse(gate, request, { reason: 'team', text }) };
}
