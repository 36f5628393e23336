import { EntropyError } from '../domain/error.ts';
import type { PlacedFinding } from '../domain/review/placed-finding.ts';
import type { NewReview, ReviewInfo } from '../ports/forge-reviews.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

/** A review in one of the forms that GitHub may take. */
export interface ReviewForm {
  readonly event: 'REQUEST_CHANGES' | 'COMMENT';
  /** Changes are asked for, and GitHub takes no such review here. */
  readonly asksInWords: boolean;
  /** Findings that have a comment at their line; the others stand in the text. */
  readonly inline: readonly PlacedFinding[];
  /** The commit that it is written beside, when GitHub takes none on the one that was looked at: that was pushed away. */
  readonly beside?: string;
}

export interface ReviewWriting {
  readonly pull: number;
  readonly first: ReviewForm;
  /** The newest head, when it is not what was looked at. */
  readonly movedTo?: string | undefined;
  readonly write: (form: ReviewForm) => NewReview;
}

/**
 * One request makes all of a review, and GitHub takes it whole or not at all: nobody requests changes of their own pull request,
 * and a comment on a line that the diff does not have is refused. What is refused is told in another form, and nothing is left out.
 */
export async function createReview(
  run: PublishRun,
  { pull, first, movedTo, write }: ReviewWriting,
): Promise<{ readonly review: ReviewInfo; readonly form: ReviewForm }> {
  let form = first;
  const refusals: string[] = [];
  for (;;) {
    await mayWrite(run, 'review');
    const made = await run.forge.reviews.create(pull, write(form));
    if (made.kind === 'created') return { review: made.review, form };
    refusals.push(made.reason);
    run.log(`GitHub refused a review: ${made.reason}`);
    const next = otherForm(form, made.reason) ?? besideForm(form, movedTo);
    if (next === undefined) throw refused(pull, refusals);
    form = next;
  }
}

/** Each form is tried once: there are fewer comments on lines, or fewer demands, each time. */
function otherForm(form: ReviewForm, reason: string): ReviewForm | undefined {
  if (form.beside !== undefined) return undefined;
  const aboutDemand = /own pull request|request changes/i.test(reason);
  const inWords = { ...form, event: 'COMMENT', asksInWords: true } as const;
  if (form.event === 'REQUEST_CHANGES' && (aboutDemand || form.inline.length === 0)) return inWords;
  return form.inline.length === 0 ? undefined : { ...form, inline: [] };
}

/** Nothing is demanded of a commit that nobody has looked at; every finding stands in the text. */
function besideForm(form: ReviewForm, movedTo: string | undefined): ReviewForm | undefined {
  if (movedTo === undefined || form.beside !== undefined) return undefined;
  return { event: 'COMMENT', asksInWords: false, inline: [], beside: movedTo };
}

function refused(pull: number, reasons: readonly string[]): EntropyError {
  return new EntropyError({
    code: 'E200',
    message: `GitHub took no review of pull request #${pull}: ${reasons.at(-1) ?? ''}`,
    fix: 'look at what GitHub says; the findings are in the run’s result.json',
  });
}
