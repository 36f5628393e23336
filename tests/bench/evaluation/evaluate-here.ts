import path from 'node:path';
import { everyIssue } from '../../../src/domain/evaluation/choose-issues.ts';
import type { EvaluatedModel } from '../../../src/runtime/evaluate/attempt.ts';
import { type EvaluationOptions, type EvaluationReport, evaluate } from '../../../src/runtime/evaluate/evaluate.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';

export interface Evaluated extends Pick<EvaluationOptions, 'outDir'> {
  readonly model: EvaluatedModel;
  readonly modelName: string;
  /** All when empty. */
  readonly only: readonly string[];
  readonly issuesDir?: string;
  readonly resume?: string;
  readonly progress: (line: string) => void;
}

/** What this machine evaluates with; what Go compiles is kept beside what our scripts install. */
export const place = {
  hostPath: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  cacheDir: path.join(packageRoot(), '.cache'),
} as const;

/** An evaluation as the command line starts it, two attempts at a time. */
export function evaluateHere({ only, progress, ...more }: Evaluated): Promise<EvaluationReport> {
  const options = { ...place, choice: { ...everyIssue, only }, repeat: 1, parallel: 2, ceilingUsd: 1, settings: {} };
  const attempt: Parameters<typeof evaluate>[1]['attempt'] = ({ verdict, issue, seconds, reason }, done, of) =>
    progress(`${more.modelName}: ${done} of ${of} ${verdict} ${issue} ${seconds} s ${reason}`.trim());
  return evaluate({ ...options, ...more }, { attempt, progress }, new AbortController().signal);
}
