import type { ReviewReport } from '../reports/review-report.ts';
import type { Diff } from './place-on-diff.ts';

/** A review that looked at nothing, and how its run ends then: never as one that found nothing. */
export type NothingReviewed = { readonly kind: 'no_change'; readonly reason: string };

export function nothingReviewed(report: ReviewReport, { files, complete }: Diff): NothingReviewed | undefined {
  const { findings, earlier, summary, notReviewed } = report;
  const reason = (why: string): NothingReviewed => ({ kind: 'no_change', reason: `Nothing was reviewed: ${why}.` });
  if (files.length === 0 && complete) return reason('the pull request changes no file');
  if (findings.length + earlier.length > 0) return undefined;
  if (summary.trim() === '') return reason('the reviewer says nothing about the change');
  const left = new Set(notReviewed.map((each) => each.trim()));
  // None are told where the commit that was looked at is gone.
  const all = files.length > 0 && files.every(({ path }) => left.has(path));
  return all ? reason('the reviewer looked at none of the files that are changed') : undefined;
}
