import type { JobLogLine } from './job-log-lines.ts';

/** How much a line tells about why a job failed, and how much around it belongs to it. */
export interface FailureSign {
  /** 1 hardly anything … 10 the very failure. */
  readonly weight: number;
  readonly before: number;
  readonly after: number;
  /** The last line before it that is not indented names the file that it is about. */
  readonly headed?: true;
}

interface KnownSign extends FailureSign {
  readonly pattern: RegExp;
}

const sign = (weight: number, pattern: RegExp, around: Partial<Omit<FailureSign, 'weight'>> = {}): KnownSign => {
  return { weight, pattern, before: 0, after: 0, ...around };
};

/** A test that passes may have any name. */
const passed = /^\s*(?:[✓✔√] |ok \d|PASS\b|=== (?:RUN|PAUSE|CONT)|--- (?:PASS|SKIP)|# Subtest:)|\.\.\. ok$|\bPASSED\b/;
/** Advice, and what counts to nothing. */
const harmless = /^\s*(?:npm warn|warning:|\(node:\d+\))|^\S+: warning\b|\s{2}warning\s{2}/i;
const countsNothing = /(?:^|[^\d.])0 (?:errors?|failed|failures?|failing)\b/i;
const countsSome = /\b[1-9]\d* (?:errors?|failed|failures?|failing)\b/i;

/** The most telling first: the first that fits counts. None of them looks back or repeats a repetition. */
const known: readonly KnownSign[] = [
  // node:test, TAP
  sign(10, /^\s*✖ failing tests:/, { after: 50 }),
  sign(9, /^\s*not ok \d+(?!.*# (?:TODO|SKIP))/i, { after: 18 }),
  sign(4, /^\s*✖ .*\(\d[\d.]*ms\)$/, { after: 12 }),
  sign(3, /^\s*✖ \d+ problems?/),
  // vitest, jest
  sign(10, /^\s*FAIL\s{1,4}\S.*(?: > |\.[cm]?[jt]sx?\b)/, { after: 28 }),
  sign(10, /^\s*● \S/, { after: 24 }),
  sign(4, /^\s*[×✗✕] /, { after: 4 }),
  // mocha
  sign(10, /^\s*\d+ failing$/, { after: 40 }),
  // pytest, unittest
  sign(10, /^_{3,} .{1,200} _{3,}$/, { after: 30 }),
  sign(9, /^E {3,}\S/, { before: 6, after: 2 }),
  sign(7, /^(?:FAILED|ERROR) \S+/),
  sign(10, /^(?:ERROR|FAIL): \S+ \(/, { before: 1, after: 18 }),
  sign(5, /^=+ (?:FAILURES|ERRORS) =+$/),
  // go
  sign(10, /^\s*--- FAIL: /, { before: 3, after: 12 }),
  sign(10, /^panic: /, { after: 16 }),
  sign(9, /^\S+\.go:\d+:\d+: /),
  sign(4, /^FAIL\s+\S+/),
  // cargo, rustc
  sign(10, /^---- .{1,200} stdout ----$/, { after: 14 }),
  sign(9, /^error(?:\[E\d+\])?: /, { after: 10 }),
  sign(9, /^thread '.{0,200}panicked at/, { after: 6 }),
  // tsc, C compilers, linkers, .NET, make
  sign(9, /\berror TS\d+:/, { after: 4 }),
  sign(9, /^\S+?:\d+(?::\d+)?: (?:fatal )?error: /i, { before: 1, after: 4 }),
  sign(8, /\bundefined reference to\b|: error [A-Z]{1,6}\d+:/, { before: 1 }),
  sign(5, /^make(?:\[\d+\])?: \*\*\* /),
  // eslint, biome
  sign(8, /^\s+\d+:\d+\s+error\s/, { headed: true }),
  sign(8, /^\S+(?::\d+:\d+)? [\w/]+(?:\s+FIXABLE)?\s*━{3,}/, { after: 14 }),
  // RSpec, Maven, Gradle
  sign(9, /^\s+Failure\/Error:/, { before: 2, after: 8 }),
  sign(7, /^\[ERROR\] \S/),
  sign(8, /^(?:FAILURE: |> Task .{1,200} FAILED)/, { after: 8 }),
  // exceptions that nobody caught
  sign(8, /^\s*Traceback \(most recent call last\):/, { after: 24 }),
  sign(7, /^\s*(?:Uncaught |Caused by: |Unhandled )?[A-Z][\w.$]{0,80}(?:Error|Exception)\b(?: \[\w+\])?(?::|$)/, {
    before: 2,
    after: 8,
  }),
  sign(
    5,
    /^(?:fatal|FATAL)\b|^\S{1,60}: (?:command not found|not found|No such file or directory|Permission denied)$/,
    {
      before: 3,
    },
  ),
  // what they count at the end
  sign(5, /\b[1-9]\d* (?:failed|failing|failures?|errors?)\b|\b(?:fail|failed|failures|errors)[:=]? ?[1-9]/i, {
    before: 1,
    after: 1,
  }),
  sign(3, /^npm (?:ERR!|error)/),
  sign(2, /\b(?:error|fatal|fail(?:ed|ure|s)?|exception|cannot|denied|timed out|abort(?:ed)?|killed|panic)\b/i, {
    before: 1,
    after: 2,
  }),
];

const errorLine: FailureSign = { weight: 7, before: 2, after: 2 };
const exited = /^(?:Process completed with exit code \d|The operation was canceled)/;

/** How a step tells that it ended badly; what stands before it is its output. */
export function isExit({ text, mark }: JobLogLine): boolean {
  return mark === 'error' && exited.test(text);
}

/** Whether a line tells of a test that passed. */
export function passes(text: string): boolean {
  return passed.test(text);
}

/** What a line says about the failure; undefined: nothing. */
export function failureSign(line: JobLogLine): FailureSign | undefined {
  const { text, mark } = line;
  if (text === '' || mark === 'group') return undefined;
  if (passes(text) || harmless.test(text)) return undefined;
  if (countsNothing.test(text) && !countsSome.test(text)) return undefined;
  const found = known.find(({ pattern }) => pattern.test(text));
  if (mark === 'error') return found !== undefined && found.weight > errorLine.weight ? found : errorLine;
  return found;
}
