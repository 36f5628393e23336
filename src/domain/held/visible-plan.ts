import type { PlanReport } from '../reports/plan-report.ts';
import { oneLine, stripInvisible } from '../visible-text.ts';

const longestPath = 300;

/**
 * A plan in words as its comment shows it, and nothing besides: a person says yes to what they read, and a coder is told what was
 * said yes to. What GitHub would not show (invisible characters, the label behind a fence, by which it may draw and not show)
 * is left out before anything is hashed; all else is escaped where it is shown.
 */
export function visiblePlan({ summary, steps, tests, risks }: PlanReport): PlanReport {
  return {
    kind: 'plan',
    summary: visibleText(summary),
    steps: steps.map(({ title, detail, paths }) => ({
      title: oneLine(title, title.length),
      detail: visibleText(detail),
      paths: [...new Set(paths)].filter(isPlainPath),
    })),
    tests: tests.map((line) => oneLine(line, line.length)).filter((line) => line !== ''),
    risks: risks.map((line) => oneLine(line, line.length)).filter((line) => line !== ''),
  };
}

function visibleText(text: string): string {
  return stripInvisible(text)
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(`{3,}|~{3,})[^`~]+$/, '$1'))
    .join('\n');
}

/** One that a code span shows as it is. */
function isPlainPath(path: string): boolean {
  return path !== '' && path === oneLine(path, longestPath) && !path.includes('`');
}
