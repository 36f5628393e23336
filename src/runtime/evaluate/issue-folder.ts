import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { type EvaluationIssue, readEvaluationIssue } from '../../domain/evaluation/evaluation-issue.ts';
import { matchesAny } from '../../domain/path-rules.ts';

/** What lies in the folder of an issue; bench/README.md tells what each is for. */
export const issueFiles = {
  issue: 'issue.md',
  repository: 'repo',
  hidden: 'hidden',
  mutants: 'mutants',
  equivalents: 'equivalents',
  reference: 'reference.script.yaml',
} as const;

export interface IssueFolder extends EvaluationIssue {
  /** Absolute path. */
  readonly folder: string;
  /** SHA-256 over names and bytes of all that is in it, but for the reference: it is nobody's exam. */
  readonly digest: string;
}

/** All issues below a folder, by name. Throws one E102 that names everything that is wrong with any of them. */
export async function readIssueFolders(root: string): Promise<readonly IssueFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E102',
      message: `there are no issues at ${root}`,
      fix: 'work in a clone of entropy-playground, or name a folder of issues: --issues DIR (docs/evaluation.md)',
      cause,
    });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const read = await Promise.all(names.sort().map((name) => tryIssue(path.join(root, name))));
  const problems = read.flatMap((issue) => (typeof issue === 'string' ? [issue] : []));
  if (problems.length > 0 || read.length === 0) {
    throw new EntropyError({
      code: 'E102',
      message: read.length === 0 ? `${root} holds no issue` : problems.join('\n'),
      fix: 'correct it as docs/evaluation.md describes',
    });
  }
  return read.filter((issue) => typeof issue !== 'string');
}

/** One issue; E102 with all that is wrong with it. */
export async function readIssueFolder(folder: string): Promise<IssueFolder> {
  const issue = await tryIssue(folder);
  if (typeof issue !== 'string') return issue;
  throw new EntropyError({ code: 'E102', message: issue, fix: 'correct it as docs/evaluation.md describes' });
}

/** A text tells what is wrong. */
async function tryIssue(folder: string): Promise<IssueFolder | string> {
  const name = path.basename(folder);
  const files = await filesBelow(folder);
  const where = path.join(folder, issueFiles.issue);
  if (!files.includes(issueFiles.issue)) return `${where} is missing`;
  const text = (await readFile(where, 'utf8')).replaceAll('\r\n', '\n');
  const [, front, body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  if (front === undefined) return `${where} does not begin with front matter between two lines ---`;
  const { parseDocument } = await import('yaml');
  const document = parseDocument(front, { prettyErrors: false, uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) return `${where}: the front matter is not YAML: ${fault.message}`;
  const read = readEvaluationIssue(document.toJS(), body, name);
  if (read.kind === 'wrong') return `${where}: ${read.problems.join('; ')}`;
  const missing = [issueFiles.repository, issueFiles.hidden].filter(
    (part) => !files.some((file) => file.startsWith(`${part}/`)),
  );
  if (missing.length > 0) return `${folder}: ${missing.join(' and ')} is missing or empty`;
  return { ...read.issue, folder, digest: await digestOf(folder, files) };
}

/** Paths of the repository that are its tests, sorted. */
export async function testFilesOf({
  folder,
  tests,
}: Pick<IssueFolder, 'folder' | 'tests'>): Promise<readonly string[]> {
  return (await filesBelow(path.join(folder, issueFiles.repository))).filter((file) => matchesAny(tests, file));
}

/** Relative paths of all files, sorted. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)).replaceAll(path.sep, '/'))
    .sort();
}

async function digestOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    if (file === issueFiles.reference) continue;
    const bytes = await readFile(path.join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
