import type { Scene } from '../events/payloads.ts';
import type { Signature } from '../git/commit-object.ts';
import { log, writeCommit } from '../git/history.ts';
import { mergeTrees, replayCommits } from '../git/merge.ts';
import { branchRef } from '../git/ref-name.ts';
import { gitHubSignature, signatureOf } from '../identity/commit-author.ts';
import { closeIssue } from '../issues/change-issue.ts';
import type { Account } from '../state/accounts.ts';
import type { MergeMethod, PullIssue } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { closedNumbers } from './closing-keywords.ts';
import { closeIssues, followRef } from './follow-ref.ts';

export interface Landing {
  readonly method: MergeMethod;
  readonly by: Account;
  readonly title?: string;
  readonly text?: string;
}

export type Landed =
  | { readonly kind: 'landed'; readonly sha: string }
  | { readonly kind: 'conflict' }
  /** Somebody moved the base at this moment. */
  | { readonly kind: 'base-moved' };

/** Merges a pull request onto its base, with all that follows from it. The caller has seen to it that this may be done. */
export async function landPull(scene: Scene, issue: PullIssue, landing: Landing): Promise<Landed> {
  const { repository, world } = scene;
  const { pull } = issue;
  const sha = await mergedCommit(scene, issue, landing);
  if (sha === undefined) return { kind: 'conflict' };
  const base = branchRef(pull.base.ref);
  const outcome = await repository.git.updateRef(base, sha, pull.base.sha);
  if (outcome === 'conflict') return { kind: 'base-moved' };
  pull.merge = { sha, by: landing.by, at: timestamp(world.clock) };
  await followRef(scene, { ref: base, before: pull.base.sha, after: sha, mergedPull: issue.number });
  await closeIssue(scene, issue, null);
  if (pull.base.ref === repository.defaultBranch)
    await closeIssues(scene, closedNumbers(`${issue.title}\n${issue.body ?? ''}`));
  return { kind: 'landed', sha };
}

/** The commit that the base shall point at; undefined when the two sides conflict. */
async function mergedCommit(scene: Scene, issue: PullIssue, landing: Landing): Promise<string | undefined> {
  const { repository, world } = scene;
  const { git } = repository;
  const { base, head } = issue.pull;
  const committer = gitHubSignature(world);
  const author = signatureOf(landing.by, world);
  if (landing.method === 'rebase') {
    const replayed = await replayCommits(git, { onto: base.sha, head: head.sha, committer });
    return replayed.kind === 'clean' ? replayed.head : undefined;
  }
  const merged = await mergeTrees(git, base.sha, head.sha);
  if (merged.kind === 'conflict') return undefined;
  const { title, text } = landing;
  const { tree } = merged;
  if (landing.method === 'squash') {
    const message = messageOf(title ?? `${issue.title} (#${issue.number})`, text ?? (await squashText(scene, issue)));
    const by = await squashAuthor(scene, issue, author);
    return writeCommit(git, { tree, parents: [base.sha], message, author: by, committer });
  }
  const from = `${repository.owner.login}/${head.ref}`;
  const message = messageOf(title ?? `Merge pull request #${issue.number} from ${from}`, text ?? issue.title);
  return writeCommit(git, { tree, parents: [base.sha, head.sha], message, author, committer });
}

function messageOf(title: string, text: string): string {
  return text === '' ? title : `${title}\n\n${text}`;
}

async function squashText({ repository }: Scene, issue: PullIssue): Promise<string> {
  const { base, head } = issue.pull;
  const commits = await log(repository.git, { from: head.sha, not: base.sha, oldestFirst: true });
  return commits.length < 2 ? '' : commits.map((commit) => `* ${commit.message}`).join('\n\n');
}

/** The one author of all commits keeps the authorship; else it is whoever merges. */
async function squashAuthor({ repository }: Scene, issue: PullIssue, merger: Signature): Promise<Signature> {
  const { base, head } = issue.pull;
  const commits = await log(repository.git, { from: head.sha, not: base.sha });
  const [first] = commits;
  const same = first !== undefined && commits.every((commit) => commit.author.email === first.author.email);
  return same ? { ...first.author, date: merger.date } : merger;
}
