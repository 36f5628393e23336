/**
 * Gives a release to its repositories: `RELEASE_TOKEN=… node scripts/release/publish.ts FOLDER [--to BASE]`.
 * FOLDER is what `assemble.ts` wrote, checked against its sums before anything is pushed. BASE is the address that all the
 * repositories are under, https://github.com/entropy-playground unless told otherwise. May be run again after any end.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ReleaseFile } from './assemble.ts';
import { filesOf, sumProblems } from './files.ts';
import { type Git, type GitWith, gitWith } from './git.ts';
import { pushRelease } from './push.ts';
import type { ReleaseTarget } from './release-commit.ts';

const home = 'https://github.com/entropy-playground';

export interface Publish {
  /** What `assembleRelease` wrote. */
  readonly folder: string;
  readonly base: string;
  readonly token: string | undefined;
  readonly log: (line: string) => void;
  /** For tests, which end it between any two calls. */
  readonly gitOf?: (how: GitWith) => Git;
}

export function publishRelease({ folder, base, token, log, gitOf = gitWith }: Publish): void {
  const problems = sumProblems(folder);
  if (problems.length > 0) throw new Error(`not what was built:\n${problems.slice(0, 10).join('\n')}`);
  const { version, source, date } = JSON.parse(readFileSync(path.join(folder, 'release.json'), 'utf8')) as ReleaseFile;
  const credential = token === undefined ? {} : { credential: { token, server: `${new URL(base).origin}/` } };
  const beside = mkdtempSync(path.join(tmpdir(), 'entropy-main-'));
  try {
    copyBundles(path.join(folder, 'actions'), path.join(beside, 'actions'));
    const targets = targetsOf({ folder, base, beside, source });
    pushRelease({ version, targets, git: gitOf({ ...credential, date }), log });
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** What the main repository gets beside its sources: the bundles, for the reusable workflows take them from their own commit. */
export function copyBundles(actions: string, target: string): void {
  for (const file of filesOf(actions)) {
    if (file.split('/')[1] === 'dist') cpSync(path.join(actions, file), path.join(target, file));
  }
}

interface Places {
  readonly folder: string;
  readonly base: string;
  readonly beside: string;
  readonly source: string;
}

/** A repository for each action, and last the one that people know. */
function targetsOf({ folder, base, beside, source }: Places): readonly ReleaseTarget[] {
  const names = [...new Set(filesOf(path.join(folder, 'actions')).map((file) => file.split('/', 1)[0] ?? ''))];
  const actions = names.map((name) => {
    const whole = path.join(folder, 'actions', name);
    return { kind: 'whole', name, remote: `${base}/${name}`, folder: whole } as const;
  });
  const name = 'entropy-playground';
  return [...actions, { kind: 'beside-sources', name, remote: `${base}/${name}`, folder: beside, source }];
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: 'string', default: home } },
  });
  const token = process.env['RELEASE_TOKEN'];
  const [folder] = positionals;
  if (folder === undefined || (token ?? '') === '') {
    console.error('RELEASE_TOKEN=… node scripts/release/publish.ts FOLDER [--to BASE]');
    process.exitCode = 2;
  } else {
    try {
      publishRelease({ folder: path.resolve(folder), base: values.to, token, log: (line) => console.log(line) });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      console.error(`${said}\nnothing is half done that running this again does not finish`);
      process.exitCode = 1;
    }
  }
}
