import { briefedFindings } from '../domain/reports/answer-problems.ts';
import type { FindingAnswer, KnownFinding } from '../domain/reports/open-finding.ts';
import type { ReviewReport } from '../domain/reports/review-report.ts';
import { reviewEvent } from '../domain/review/convergence.ts';
import { type FindingTextOptions, findingComment } from '../domain/review/finding-comment.ts';
import { mergeRound } from '../domain/review/merge-round.ts';
import type { Diff } from '../domain/review/place-on-diff.ts';
import { type PlacedFinding, placeFindings } from '../domain/review/placed-finding.ts';
import { type ReviewFacts, reviewText } from '../domain/review/review-text.ts';
import { demandWords, reviewTold } from '../domain/review/review-told.ts';
import { nothingReviewed } from '../domain/review/reviewed.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { NewReview, ReviewInfo } from '../ports/forge-reviews.ts';
import { closeTracking } from './close-tracking.ts';
import { createReview, type ReviewForm } from './create-review.ts';
import { mayWrite } from './fence-guard.ts';
import { holdsSecret } from './inspect-change.ts';
import { endAs, endBlocked, endDryRun } from './publish-end.ts';
import type { PublishReport, PublishRun } from './publish-run.ts';
import { type PullNow, pullNow } from './pull-now.ts';
import { readBackComment, readBackReview } from './read-back.ts';
import { beforeRun, findingsOf, type Rounds, readRounds, reviewOf, reviewRun, roundAfter } from './read-rounds.ts';
import { settleFindings, settlings, withComments } from './settle-findings.ts';

/**
 * A round of a review: what is new is told once, at its line where the diff has it; what is fixed or refuted gets a word and its
 * conversation ends. Everything is decided by what GitHub says was told before, so that a lost record repeats nothing. Changes
 * are asked for; approved is nothing.
 */
export async function publishReview(run: PublishRun, result: RunResult, report: ReviewReport): Promise<PublishReport> {
  const { forge, scanner } = run;
  const seen = await pullNow(run);
  if (seen.kind === 'over') return endAs(run, result, { kind: 'no_change', reason: seen.what });
  const { pull, movedTo } = seen;
  // Lines are those of the commit that was looked at, wherever the pull request is by now.
  const diff = await (movedTo === undefined
    ? forge.reviews.files(pull.number)
    : forge.reviews.filesBetween(pull.baseSha, pull.headSha));
  const nothing = nothingReviewed(report, diff);
  if (nothing !== undefined) return endAs(run, result, nothing);

  const rounds = await readRounds(forge, pull.number);
  const asked = {
    report,
    diff,
    rounds,
    isOwnPull: await forge.isOwnAuthor(pull.author),
    maxRounds: await roundsOf(run),
  };
  const round = roundOf(run, seen, asked);
  const words = settlings(round.merged, round.options);
  const whole = [
    reviewBody(round, round.form),
    ...round.form.inline.map((each) => findingComment(each, round.options)),
  ];
  const texts = [...whole, ...words.map(({ body }) => body), JSON.stringify(report)];
  const secret = holdsSecret(await scanner.scan('the review', texts.join('\n')));
  if (secret !== undefined) return endBlocked(run, result, secret);
  if (run.dryRun)
    return endDryRun(run, result, `review pull request #${pull.number}: ${demandWords(round.merged.known)}`);

  const { review, told } = await tell(run, round, rounds);
  await settleFindings(run, rounds, words);
  await liftDemands(run, round, review);
  const findings = withComments(round.merged.known, told);

  const what = `reviewed #${pull.number}: ${demandWords(findings)}`;
  const end = { kind: 'delivered', what, told: `[The review](${review.url}): ${reviewTold(round.merged)}` } as const;
  await mayWrite(run, 'close');
  const { comment, body } = await closeTracking({ ...run, result, end });
  await readBackComment(run, comment, body);
  return {
    outcome: 'succeeded',
    reason: `Reviewed pull request #${pull.number} at ${pull.headSha.slice(0, 10)}: ${demandWords(findings)}.`,
    result,
    delivered: { kind: 'review', url: review.url },
    stage: { kind: 'reviewed', headSha: pull.headSha, findings },
  };
}

interface Round extends Pick<ReviewFacts, 'merged'> {
  readonly pull: number;
  readonly facts: Omit<ReviewFacts, 'withoutLine'>;
  readonly options: FindingTextOptions;
  /** As it is tried first. */
  readonly form: ReviewForm;
}

interface GivenRound {
  readonly report: ReviewReport;
  readonly diff: Diff;
  readonly rounds: Rounds;
  readonly isOwnPull: boolean;
  readonly maxRounds: number | undefined;
}

/** A team sends its coder back so often; nobody else does. */
async function roundsOf({ forge, task }: PublishRun): Promise<number | undefined> {
  return task.step === undefined ? undefined : (await forge.team.read(task.issue.number))?.record.maxRounds;
}

/** What this round says, decided before anything of it is written, and alike however often the run is published. */
function roundOf({ task }: PublishRun, seen: Extract<PullNow, { kind: 'open' }>, given: GivenRound): Round {
  const { report, diff, rounds, isOwnPull, maxRounds } = given;
  const { pull, movedTo } = seen;
  const before = beforeRun(rounds, task.runId);
  const known = withBriefed(findingsOf(before, pull.number), task);
  const round = roundAfter(before);
  const placed = placeFindings(report.findings, diff);
  const merged = mergeRound({ known, placed, earlier: report.earlier, answers: answersIn(task), round });
  const run = { issue: pull.number, fence: task.lease.fence, run: task.runId };
  const address = /^https?:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+\//.exec(pull.url)?.[0];
  const outgoing = { issue: pull.number, ...(address !== undefined && { ownAddress: address }) };
  const demands = reviewEvent(merged.known) === 'REQUEST_CHANGES';
  const asksInWords = demands && isOwnPull;
  return {
    pull: pull.number,
    merged,
    options: { run, round, outgoing },
    facts: {
      ...{ run, outgoing, round, merged, headSha: pull.headSha },
      ...{ summary: report.summary, notReviewed: report.notReviewed },
      isPartial: !diff.complete,
      ...(maxRounds !== undefined && maxRounds >= round && { maxRounds }),
      ...(movedTo !== undefined && { movedTo }),
    },
    form: {
      event: demands && !asksInWords ? 'REQUEST_CHANGES' : 'COMMENT',
      asksInWords,
      inline: merged.post.filter(({ place }) => place.kind === 'on'),
    },
  };
}

/** GitHub's own state first; what only the task remembers is known as well, so that it is not told a second time. */
function withBriefed(known: readonly KnownFinding[], { brief }: Task): readonly KnownFinding[] {
  const there = new Set(known.map(({ fingerprint }) => fingerprint));
  const others = briefedFindings(brief).filter(({ fingerprint }) => !there.has(fingerprint));
  return [...known, ...others.map(({ commentId: _gone, ...finding }) => finding)];
}

function answersIn({ brief }: Task): readonly FindingAnswer[] {
  return briefedFindings(brief).flatMap(({ fingerprint, answer }) =>
    answer === undefined ? [] : [{ fingerprint, ...answer }],
  );
}

function reviewBody({ facts, merged }: Round, { inline, asksInWords, beside }: ReviewForm): string {
  const withoutLine = merged.post.filter((each) => each.place.kind === 'on' && !inline.includes(each));
  return reviewText({ ...facts, asksInWords, withoutLine, isBeside: beside !== undefined });
}

function reviewIn(round: Round, form: ReviewForm): NewReview {
  const comments = form.inline.flatMap((each) => commentOf(each, round.options));
  return { commitSha: form.beside ?? round.facts.headSha, event: form.event, body: reviewBody(round, form), comments };
}

function commentOf(placed: PlacedFinding, options: FindingTextOptions): NewReview['comments'] {
  const { place } = placed;
  if (place.kind === 'beside') return [];
  const { path, line, startLine } = place;
  return [{ path, line, ...(startLine !== undefined && { startLine }), body: findingComment(placed, options) }];
}

interface ToldReview {
  readonly review: ReviewInfo;
  /** The findings of this round, with their comments. */
  readonly told: readonly KnownFinding[];
}

/** The review of this run: the one that is there from an earlier try, or a new one; read back either way. */
async function tell(run: PublishRun, round: Round, rounds: Rounds): Promise<ToldReview> {
  const { forge, task } = run;
  const there = reviewOf(rounds, task.runId);
  const forms = { pull: round.pull, first: round.form, movedTo: round.facts.movedTo };
  const made = there ?? (await createReview(run, { ...forms, write: (form) => reviewIn(round, form) })).review;
  const review = await readBackReview(run, { pull: round.pull, id: made.id, body: made.body });
  const told = findingsOf(await readRounds(forge, round.pull), round.pull);
  return { review, told };
}

/**
 * Nothing asks for changes any more, so no earlier review by a run of ours does. What other programs and people ask for by the same
 * account stays asked for. Where GitHub leaves that to people, it is theirs.
 */
async function liftDemands(run: PublishRun, round: Round, newest: ReviewInfo): Promise<void> {
  if (reviewEvent(round.merged.known) === 'REQUEST_CHANGES') return;
  const { reviews, isOwn } = await readRounds(run.forge, round.pull);
  const asking = reviews.filter(
    ({ id, author, state, body }) =>
      state === 'CHANGES_REQUESTED' && isOwn(author) && reviewRun(body) !== undefined && id !== newest.id,
  );
  for (const { id } of asking) {
    await mayWrite(run, 'dismiss');
    const lifted = await run.forge.reviews.dismiss(round.pull, id, `Nothing of it is open: ${newest.url}`);
    if (lifted.kind === 'refused') run.log(`review ${id} still asks for changes: ${lifted.reason}`);
  }
}
