import { isObject } from '../json-shape.ts';
import { globProblem } from '../path-rules.ts';

export const issueLanguages = ['typescript', 'javascript', 'python', 'go'] as const;
export const issueKinds = ['bug', 'feature', 'refactoring', 'test', 'docs'] as const;

export type IssueLanguage = (typeof issueLanguages)[number];
export type IssueKind = (typeof issueKinds)[number];

/** What the judge runs over the result, after the hidden files were laid over it. */
export interface HiddenCheck {
  readonly command: string;
  /** So many tests must have passed, by the runner's own summary: a program that ends early with 0 is no pass. */
  readonly passes: number;
}

/** One issue of the evaluation as its `issue.md` tells it. */
export interface EvaluationIssue {
  /** As its folder is called. */
  readonly id: string;
  readonly language: IssueLanguage;
  readonly kind: IssueKind;
  readonly title: string;
  /** As a person wrote it; all that the agent is told. */
  readonly body: string;
  /** Globs (as in a .gitignore) of the files that are the repository's tests. */
  readonly tests: readonly string[];
  /** Absent only where the agent's own tests are what is judged. */
  readonly check?: HiddenCheck;
}

export type ReadIssue =
  | { readonly kind: 'issue'; readonly issue: EvaluationIssue }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const frontKeys = ['id', 'language', 'kind', 'title', 'tests', 'check'];

/** The front matter of an issue, told all that is wrong with it at once. `folder` is the name that it must have. */
export function readEvaluationIssue(front: unknown, body: string, folder: string): ReadIssue {
  if (!isObject(front)) return { kind: 'wrong', problems: ['the front matter is no group of keys'] };
  const problems: string[] = [];
  const unknown = Object.keys(front).filter((key) => !frontKeys.includes(key));
  if (unknown.length > 0) problems.push(`unknown keys: ${unknown.join(', ')}`);
  const { id, language, kind, title, tests, check } = front;
  if (id !== folder) problems.push(`id is "${String(id)}", the folder is "${folder}"`);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(folder)) problems.push('the folder is not in kebab-case');
  const knownLanguage = issueLanguages.find((known) => known === language);
  if (knownLanguage === undefined) problems.push(`language is not one of ${issueLanguages.join(', ')}`);
  const knownKind = issueKinds.find((known) => known === kind);
  if (knownKind === undefined) problems.push(`kind is not one of ${issueKinds.join(', ')}`);
  const line = typeof title === 'string' && title.trim() !== '' && !title.includes('\n') ? title.trim() : undefined;
  if (line === undefined) problems.push('title is not one line of text');
  if (body.trim() === '') problems.push('it has no text');
  const globs = readGlobs(tests, problems);
  const hidden = readCheck(check, problems);
  if (hidden === undefined && knownKind !== 'test' && check === undefined) problems.push('check is missing');
  if (problems.length > 0 || knownLanguage === undefined || knownKind === undefined || line === undefined) {
    return { kind: 'wrong', problems };
  }
  const issue = { id: folder, language: knownLanguage, kind: knownKind, title: line, body: body.trim(), tests: globs };
  return { kind: 'issue', issue: hidden === undefined ? issue : { ...issue, check: hidden } };
}

function readGlobs(value: unknown, problems: string[]): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    problems.push('tests is not a list of globs');
    return [];
  }
  const globs = value.map(String);
  for (const glob of globs) {
    const problem = globProblem(glob);
    if (problem !== undefined) problems.push(`tests: "${glob}": ${problem}`);
  }
  return globs;
}

function readCheck(value: unknown, problems: string[]): HiddenCheck | undefined {
  if (value === undefined) return undefined;
  if (isObject(value) && typeof value['command'] === 'string' && value['command'].trim() !== '') {
    const { command, passes } = value;
    if (typeof passes === 'number' && Number.isSafeInteger(passes) && passes > 0) return { command, passes };
  }
  problems.push('check is not { command: text, passes: a whole number above 0 }');
  return undefined;
}
