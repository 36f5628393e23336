import type { IssueLanguage } from './evaluation-issue.ts';

/**
 * How many tests passed by the summary of the language's own runner (node's TAP, unittest, `go test -v`); 0 when there is
 * no summary, whatever the exit code says: code under test can end the process with 0.
 */
export function passedTests(language: IssueLanguage, output: string): number {
  switch (language) {
    case 'typescript':
    case 'javascript':
      return lastNumber(output, /^# pass (\d+)$/gm);
    case 'python':
      // What is skipped or expected to fail is in brackets behind it, and did not pass.
      return /^OK$/m.test(output) ? lastNumber(output, /^Ran (\d+) tests? in /gm) : 0;
    case 'go':
      return output.match(/^--- PASS: /gm)?.length ?? 0;
    default:
      return language satisfies never;
  }
}

function lastNumber(output: string, pattern: RegExp): number {
  return Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
}
