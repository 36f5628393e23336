import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EmbeddedReport } from '../../src/domain/embedded-run.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import type { Figure } from './figure.ts';
import { changeOf, growRepository, plainGit } from './large-repository.ts';

const limitSeconds = 30;
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `npm start -- --repo R --issue I --model scripted:S` on a repository of thousands of files and real history: how long
 * it takes, and whether the pull request holds exactly the scripted change. The repository is grown for it;
 * `FIGURE_REPO=PATH` takes another one, such as a clone of a public one.
 */
export const figure: Figure = async ({ quick, progress }) => {
  using folder = tempFolder();
  const given = process.env['FIGURE_REPO'];
  const repository = given ?? path.join(folder.root, 'large');
  if (given === undefined) {
    progress('growing a repository');
    growRepository(repository, quick ? { files: 5_000, commits: 50 } : { files: 6_000, commits: 400 });
  }
  const change = changeOf(repository);
  const script = path.join(folder.root, 'change.script.yaml');
  const issue = path.join(folder.root, 'issue.md');
  const keep = path.join(folder.root, 'kept');
  writeFileSync(script, change.script);
  writeFileSync(issue, '# Change six files\n\nAs scripted.\n');
  progress('the run');
  const started = performance.now();
  const args = ['start', '--repo', repository, '--issue', issue, '--model', `scripted:${script}`, '--test', 'true'];
  const report = await runStart([...args, '--json', '--keep', keep]);
  const seconds = Math.round((performance.now() - started) / 100) / 10;

  progress('the same change by hand');
  const copy = path.join(folder.root, 'copy');
  plainGit(folder.root, ['clone', '--quiet', '--shared', repository, copy]);
  change.applyByHand(copy);
  plainGit(copy, ['add', '--all']);
  plainGit(copy, ['commit', '--quiet', '--message', 'by hand']);
  const byHand = {
    tree: plainGit(copy, ['rev-parse', 'HEAD^{tree}']).toString().trim(),
    diff: plainGit(copy, diffArgs('HEAD~1', 'HEAD')),
  };
  const published = publishedChange(keep, report);
  const sameTree = published?.tree === byHand.tree;
  const sameDiff = published?.diff.equals(byHand.diff) === true;
  const files = Number(plainGit(repository, ['ls-files', '-z']).toString().split('\0').length - 1);
  return {
    kind: 'measured',
    ok: report.outcome === 'succeeded' && sameTree && sameDiff && seconds <= limitSeconds,
    figures: {
      outcome: report.outcome,
      seconds,
      files,
      commits: Number(plainGit(repository, ['rev-list', '--count', 'HEAD']).toString()),
      filesChanged: report.filesChanged.length,
      sameTree,
      sameDiff,
      diffBytes: byHand.diff.length,
      repository: given === undefined ? 'grown for this' : path.basename(given),
      durations: report.durations,
    },
    limits: { seconds: limitSeconds },
  };
};

function diffArgs(from: string, to: string): string[] {
  return ['diff', '--no-color', '--no-ext-diff', '--no-renames', '--full-index', '--binary', from, to];
}

function publishedChange(keep: string, report: EmbeddedReport): { tree: string; diff: Buffer } | undefined {
  const { baseSha, headSha, pullRequest } = report;
  const slug = pullRequest === null ? undefined : /\/octo\/([^/]+)\/pull/.exec(pullRequest.url)?.[1];
  if (baseSha === null || headSha === null || slug === undefined) return undefined;
  const bare = path.join(keep, 'github', 'octo', `${slug}.git`);
  const tree = plainGit(bare, ['rev-parse', `${headSha}^{tree}`])
    .toString()
    .trim();
  return { tree, diff: plainGit(bare, diffArgs(baseSha, headSha)) };
}

function runStart(args: readonly string[]): Promise<EmbeddedReport> {
  const { promise, resolve, reject } = Promise.withResolvers<EmbeddedReport>();
  const child = spawn(process.execPath, [path.join(root, 'src/cli/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.on('error', reject);
  child.on('close', (code) => {
    const text = Buffer.concat(out).toString('utf8');
    try {
      resolve(JSON.parse(text) as EmbeddedReport);
    } catch (cause) {
      reject(new Error(`start ended with ${code} and said: ${text.slice(0, 2_000)}`, { cause }));
    }
  });
  return promise;
}
