import type { ReviewReport } from '../domain/reports/review-report.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { PublishReport, PublishRun } from './publish-run.ts';

export async function publishReview(run: PublishRun, result: RunResult, _report: ReviewReport): Promise<PublishReport> {
  run.log('not yet');
  return { outcome: 'failed', reason: 'not yet', result };
}
