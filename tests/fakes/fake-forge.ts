import type { Team } from '../../src/domain/actor-policy.ts';
import type { CommentSnapshot, IssueSnapshot } from '../../src/domain/issue.ts';
import type { RepositoryRef } from '../../src/domain/repository.ts';
import type {
  AutoMerge,
  CommitInfo,
  Comparison,
  Forge,
  ListedFile,
  MergeResult,
  NewCommit,
  NewPullRequest,
  Permission,
  PullRequestInfo,
  PullRequestMerge,
  TreeEntry,
  WorkflowRunInfo,
} from '../../src/ports/forge.ts';
import type { ForgeMetadata } from '../../src/ports/forge-metadata.ts';
import type { HeldChanges, HeldText } from '../../src/ports/held-changes.ts';
import { FakeChecks } from './fake-checks.ts';
import { FakeGitStore, notFound } from './fake-git-store.ts';
import { FakeLabels } from './fake-labels.ts';
import { FakeReviews } from './fake-reviews.ts';
import { MemoryTeamRecords } from './memory-team-records.ts';

/** The process died here: in a real run nothing of it is left but what the forge already holds. */
export class Killed extends Error {}

export interface FakeForgeOptions {
  readonly repository?: RepositoryRef;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly permissions?: Readonly<Record<string, Permission>>;
  readonly login?: string;
}

const base = '/repos/{owner}/{repo}';

/** A forge in memory with git's own object ids, which counts calls, refuses what is not there and can die on any call. */
export class FakeForge implements Forge {
  readonly repository: RepositoryRef;
  readonly baseBranch = 'main';
  readonly login: string;
  readonly permissions: Map<string, Permission>;
  /** Members by `org/slug`; of others nothing can be told. */
  readonly teams = new Map<string, readonly string[]>();
  readonly git = new FakeGitStore();
  readonly issues = new Map<number, Omit<IssueSnapshot, 'comments'>>();
  readonly allComments: { issue: number; snapshot: CommentSnapshot }[] = [];
  readonly reactions: { commentId: number; reaction: string }[] = [];
  readonly pulls: PullRequestInfo[] = [];
  readonly runs = new Map<number, WorkflowRunInfo>();
  readonly calls: string[] = [];
  /** What is held, by issue. */
  readonly heldTexts = new Map<number, HeldText & { readonly change: string }>();
  readonly unfinishedTexts = new Map<number, HeldText & { readonly change: string }>();
  /** Heads that GitHub was asked to merge, by pull request. */
  readonly toMerge = new Map<number, string>();
  /** What GitHub says to `askToMerge`. */
  autoMerge: AutoMerge = { kind: 'asked' };
  /** Die on the n-th call (1-based): before it had any effect, or after it, with its answer lost. */
  dieOn: { readonly call: number; readonly when: 'before' | 'after' } | undefined;
  /** Run in front of every call: a second actor, a fault. */
  beforeCall: ((name: string) => void) | undefined;
  readonly reviews: FakeReviews;
  readonly checks: FakeChecks;
  readonly labels: FakeLabels;
  readonly metadata: ForgeMetadata = {
    milestones: () => this.call(`GET ${base}/milestones`, () => this.openMilestones),
    read: (issue) =>
      this.call(`GET ${base}/issues/{issue_number}`, () => {
        const { title, state } = this.issues.get(issue) ?? notFound(`issue ${issue}`);
        return { title, state, milestone: this.milestoneOf.get(issue) ?? '' };
      }),
    write: (issue, { milestone, ...change }) =>
      this.call(`PATCH ${base}/issues/{issue_number}`, () => {
        if (milestone !== undefined && !this.openMilestones.includes(milestone)) notFound(`milestone ${milestone}`);
        this.issues.set(issue, { ...(this.issues.get(issue) ?? notFound(`issue ${issue}`)), ...change });
        if (milestone !== undefined) this.milestoneOf.set(issue, milestone);
      }),
  };
  openMilestones: readonly string[] = [];
  /** Title of the milestone of each issue that has one. */
  readonly milestoneOf = new Map<number, string>();
  readonly team: MemoryTeamRecords;
  private nextCommentId = 1001;
  private nextNumber = 1;

  constructor(options: FakeForgeOptions = {}) {
    this.repository = options.repository ?? { owner: 'octo', name: 'slug' };
    this.login = options.login ?? 'entropy[bot]';
    this.permissions = new Map(Object.entries(options.permissions ?? {}));
    const seed = this.git.commitFiles(options.files ?? { 'README.md': '# slug\n' });
    this.git.branches.set(this.baseBranch, seed);
    const call = <T>(name: string, act: () => T): Promise<T> => this.call(name, act);
    this.reviews = new FakeReviews({ call, login: () => this.login, ready: (pull) => this.markReady(pull) });
    this.checks = new FakeChecks(call);
    this.labels = new FakeLabels(call, {
      read: (issue) => (this.issues.get(issue) ?? notFound(`issue ${issue}`)).labels,
      write: (issue, labels) => {
        this.issues.set(issue, { ...(this.issues.get(issue) ?? notFound(`issue ${issue}`)), labels });
      },
    });
    this.team = new MemoryTeamRecords(`${this.repository.owner}/${this.repository.name}`, call);
  }

  seedIssue(issue: Partial<Omit<IssueSnapshot, 'comments'>> = {}): number {
    const number = issue.number ?? this.takeNumber();
    this.nextNumber = Math.max(this.nextNumber, number + 1);
    const { owner, name } = this.repository;
    const at = '2026-11-01T10:00:00Z';
    this.issues.set(number, {
      title: 'slugify drops the last word',
      body: 'It does.',
      author: 'alice',
      state: 'open',
      locked: false,
      isPullRequest: false,
      labels: [],
      url: `https://github.example.test/${owner}/${name}/issues/${number}`,
      createdAt: at,
      updatedAt: at,
      ...issue,
      number,
    });
    return number;
  }

  seedComment(issue: number, body: string, author = 'alice'): CommentSnapshot {
    const at = '2026-11-01T10:00:00Z';
    const snapshot = { id: this.nextCommentId, author, body, createdAt: at, updatedAt: at };
    this.nextCommentId += 1;
    this.allComments.push({ issue, snapshot });
    return snapshot;
  }

  /** The files of a branch, for comparing with what should have been published. */
  filesOf(branch: string): Record<string, string> {
    return this.git.filesAt(this.git.branches.get(branch) ?? notFound(`branch ${branch}`));
  }

  async isPublic(): Promise<boolean> {
    return true;
  }

  defaultBranch(): Promise<string> {
    return this.call('GET /repos/{owner}/{repo}', () => this.baseBranch);
  }

  permissionOf(login: string): Promise<Permission> {
    return this.call(`GET ${base}/collaborators/{username}/permission`, () => this.permissions.get(login) ?? 'none');
  }

  isTeamMember({ org, slug }: Team, login: string): Promise<'member' | 'no-member' | 'cannot-tell'> {
    return this.call('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', () => {
      const members = this.teams.get(`${org}/${slug}`);
      if (members === undefined) return 'cannot-tell';
      return members.includes(login) ? 'member' : 'no-member';
    });
  }

  issue(number: number): Promise<IssueSnapshot> {
    return this.call(`GET ${base}/issues/{issue_number}`, () => {
      const found = this.issues.get(number) ?? notFound(`issue ${number}`);
      return { ...found, comments: this.commentsOf(number) };
    });
  }

  comments(issue: number): Promise<readonly CommentSnapshot[]> {
    return this.call(`GET ${base}/issues/{issue_number}/comments`, () => this.commentsOf(issue));
  }

  createComment(issue: number, body: string): Promise<CommentSnapshot> {
    return this.call(`POST ${base}/issues/{issue_number}/comments`, () => {
      if (!this.issues.has(issue) && !this.pulls.some((pull) => pull.number === issue)) notFound(`issue ${issue}`);
      return this.seedComment(issue, body, this.login);
    });
  }

  updateComment(commentId: number, body: string): Promise<CommentSnapshot> {
    return this.call(`PATCH ${base}/issues/comments/{comment_id}`, () => {
      const found = this.commentRow(commentId) ?? notFound(`comment ${commentId}`);
      found.snapshot = { ...found.snapshot, body };
      return found.snapshot;
    });
  }

  comment(commentId: number): Promise<CommentSnapshot | undefined> {
    return this.call(`GET ${base}/issues/comments/{comment_id}`, () => this.commentRow(commentId)?.snapshot);
  }

  deleteComment(commentId: number): Promise<void> {
    return this.call(`DELETE ${base}/issues/comments/{comment_id}`, () => {
      const index = this.allComments.findIndex((row) => row.snapshot.id === commentId);
      if (index === -1) notFound(`comment ${commentId}`);
      this.allComments.splice(index, 1);
    });
  }

  reactToComment(commentId: number, reaction: 'eyes' | '+1' | 'confused'): Promise<void> {
    return this.call(`POST ${base}/issues/comments/{comment_id}/reactions`, () => {
      if (this.commentRow(commentId) === undefined) notFound(`comment ${commentId}`);
      this.reactions.push({ commentId, reaction });
    });
  }

  reactToLineComment(commentId: number, reaction: 'eyes' | '+1' | 'confused'): Promise<void> {
    return this.call(`POST ${base}/pulls/comments/{comment_id}/reactions`, () => {
      if (!this.reviews.allComments.some(({ id }) => id === commentId)) notFound(`comment ${commentId} on a line`);
      this.reactions.push({ commentId, reaction });
    });
  }

  openIssues(label: string): Promise<readonly IssueSnapshot[]> {
    return this.call(`GET ${base}/issues`, () =>
      [...this.issues.values()]
        .filter(({ state, labels, isPullRequest }) => state === 'open' && labels.includes(label) && !isPullRequest)
        .sort((a, b) => a.number - b.number)
        .map((issue) => ({ ...issue, comments: [] })),
    );
  }

  newestIssues(): Promise<readonly IssueSnapshot[]> {
    return this.call(`GET ${base}/issues`, () =>
      [...this.issues.values()]
        .filter(({ state, isPullRequest }) => state === 'open' && !isPullRequest)
        .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
        .slice(0, 100)
        .map((issue) => ({ ...issue, comments: [] })),
    );
  }

  createIssue(issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] }) {
    return this.call(`POST ${base}/issues`, () => {
      const number = this.seedIssue({ ...issue, author: this.login });
      return { ...(this.issues.get(number) ?? notFound(`issue ${number}`)), comments: [] };
    });
  }

  file(path: string, ref: string): Promise<Uint8Array | undefined> {
    return this.call(`GET ${base}/contents/{path}`, () => {
      const commit = this.git.commit(this.git.branches.get(ref) ?? ref);
      const entry = this.git.trees.get(commit.treeSha)?.get(path);
      return entry === undefined ? undefined : this.git.blob(entry.sha);
    });
  }

  filesIn(folder: string, ref: string): Promise<readonly string[]> {
    return this.call(`GET ${base}/contents/{path}`, () => {
      const commit = this.git.commit(this.git.branches.get(ref) ?? ref);
      const paths = [...(this.git.trees.get(commit.treeSha)?.keys() ?? [])];
      const within = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
      return within.filter((name) => !name.includes('/')).sort();
    });
  }

  filesAt(sha: string): Promise<ReadonlyMap<string, ListedFile> | undefined> {
    return this.call(`GET ${base}/git/trees/{tree_sha}`, () => {
      const tree = this.git.trees.get(this.git.commit(sha).treeSha) ?? notFound(`tree of ${sha}`);
      const listed = [...tree].map(([path, { sha: id }]) => {
        const file = { sha: id, kind: 'file', sizeBytes: this.git.blob(id).length } as const;
        return [path, file] as const;
      });
      return new Map(listed);
    });
  }

  blob(sha: string): Promise<Uint8Array> {
    return this.call(`GET ${base}/git/blobs/{file_sha}`, () => this.git.blob(sha));
  }

  mergeBase(from: string, head: string): Promise<string | undefined> {
    return this.call(`GET ${base}/compare/{basehead}`, () => {
      for (let at: string | undefined = from; at !== undefined; at = this.git.commit(at).parents[0]) {
        if (this.git.isAncestor(at, head)) return at;
      }
      return undefined;
    });
  }

  branchHead(branch: string): Promise<string | undefined> {
    return this.call(`GET ${base}/git/ref/{ref}`, () => this.git.branches.get(branch));
  }

  branchesWithPrefix(prefix: string): Promise<readonly { readonly name: string; readonly sha: string }[]> {
    return this.call(`GET ${base}/git/matching-refs/{ref}`, () =>
      [...this.git.branches].filter(([name]) => name.startsWith(prefix)).map(([name, sha]) => ({ name, sha })),
    );
  }

  commit(sha: string): Promise<CommitInfo> {
    return this.call(`GET ${base}/git/commits/{commit_sha}`, () => this.git.commit(sha));
  }

  changedPaths(sha: string): Promise<readonly string[]> {
    return this.call(`GET ${base}/commits/{ref}`, () => this.git.changedPaths(sha));
  }

  compare(from: string, head: string): Promise<Comparison> {
    return this.call(`GET ${base}/compare/{basehead}`, () => {
      if (from === head) return { kind: 'same' };
      if (!this.git.isAncestor(from, head)) return { kind: 'apart' };
      return { kind: 'ahead', paths: this.git.pathsBetween(from, head) };
    });
  }

  readonly held: HeldChanges = this.hidden(this.heldTexts, 'held.json');
  readonly unfinished: HeldChanges = this.hidden(this.unfinishedTexts, 'work.json');

  private hidden(texts: Map<number, HeldText & { readonly change: string }>, fileName: string): HeldChanges {
    return {
      read: (issue) => this.call(`GET ${base}/git/ref/{ref}`, () => texts.get(issue)),
      write: (issue, { change, text }) =>
        this.call(`POST ${base}/git/refs`, () => {
          this.git.commit(change);
          const tree = this.git.addTree(
            new Map([[fileName, { mode: '100644', sha: this.git.addBlob(Buffer.from(text)) }]]),
          );
          const { sha: id } = this.git.addCommit({ message: fileName, treeSha: tree, parents: [change] });
          texts.set(issue, { id, text, change });
          return { id, text };
        }),
      remove: (issue) => this.call(`DELETE ${base}/git/refs/{ref}`, () => void texts.delete(issue)),
      issues: () => this.call(`GET ${base}/git/matching-refs/{ref}`, () => [...texts.keys()]),
    };
  }

  askToMerge(number: number, sha: string): Promise<AutoMerge> {
    return this.call('POST /graphql', () => {
      if (this.autoMerge.kind === 'asked') this.toMerge.set(number, sha);
      return this.autoMerge;
    });
  }

  takeBackMerge(number: number): Promise<'taken-back' | 'not-asked'> {
    return this.call('POST /graphql', () => (this.toMerge.delete(number) ? 'taken-back' : 'not-asked'));
  }

  createBlob(bytes: Uint8Array): Promise<string> {
    return this.call(`POST ${base}/git/blobs`, () => this.git.addBlob(bytes));
  }

  createTree(baseTreeSha: string, entries: readonly TreeEntry[]): Promise<string> {
    return this.call(`POST ${base}/git/trees`, () => this.git.layOver(baseTreeSha, entries));
  }

  createCommit(commit: NewCommit): Promise<CommitInfo> {
    return this.call(`POST ${base}/git/commits`, () => this.git.addCommit(commit));
  }

  createBranch(branch: string, sha: string): Promise<'created' | 'exists'> {
    return this.call(`POST ${base}/git/refs`, () => {
      this.git.commit(sha);
      if (this.git.branches.has(branch)) return 'exists';
      this.git.branches.set(branch, sha);
      return 'created';
    });
  }

  updateBranch(branch: string, sha: string): Promise<'updated' | 'not-fast-forward' | 'missing'> {
    return this.call(`PATCH ${base}/git/refs/{ref}`, () => {
      const head = this.git.branches.get(branch);
      if (head === undefined) return 'missing';
      if (!this.git.isAncestor(head, sha)) return 'not-fast-forward';
      this.git.branches.set(branch, sha);
      return 'updated';
    });
  }

  openPullRequests(headBranch: string): Promise<readonly PullRequestInfo[]> {
    return this.call(`GET ${base}/pulls`, () =>
      this.pulls
        .filter((pull) => pull.headBranch === headBranch && pull.state === 'open')
        .map((pull) => this.current(pull)),
    );
  }

  openPullRequestsInto(baseBranch?: string): Promise<readonly PullRequestInfo[]> {
    return this.call(`GET ${base}/pulls`, () =>
      this.pulls
        .filter((pull) => pull.state === 'open' && (baseBranch === undefined || pull.baseBranch === baseBranch))
        .map((pull) => ({ ...this.current(pull), mergeable: 'unknown' })),
    );
  }

  pullRequest(number: number): Promise<PullRequestInfo | undefined> {
    return this.call(`GET ${base}/pulls/{pull_number}`, () => {
      const found = this.pulls.find((pull) => pull.number === number);
      return found === undefined ? undefined : this.current(found);
    });
  }

  createPullRequest(pull: NewPullRequest): Promise<{ kind: 'created'; pull: PullRequestInfo } | { kind: 'exists' }> {
    return this.call(`POST ${base}/pulls`, () => {
      const headSha = this.git.branches.get(pull.head) ?? notFound(`branch ${pull.head}`);
      if (!this.git.branches.has(pull.base)) notFound(`branch ${pull.base}`);
      if (this.pulls.some((other) => other.headBranch === pull.head && other.state === 'open'))
        return { kind: 'exists' as const };
      const number = this.takeNumber();
      const { owner, name } = this.repository;
      const created: PullRequestInfo = {
        number,
        url: `https://github.example.test/${owner}/${name}/pull/${number}`,
        state: 'open',
        merged: false,
        draft: pull.draft,
        title: pull.title,
        body: pull.body,
        headBranch: pull.head,
        headSha,
        baseBranch: pull.base,
        fromFork: false,
        mergeable: 'yes',
        author: this.login,
        createdAt: '2026-11-01T10:00:00Z',
      };
      this.pulls.push(created);
      return { kind: 'created' as const, pull: created };
    });
  }

  mergePullRequest(number: number, { sha }: PullRequestMerge): Promise<MergeResult> {
    return this.call(`PUT ${base}/pulls/{pull_number}/merge`, () => {
      const index = this.pulls.findIndex((pull) => pull.number === number);
      const found = this.current(this.pulls[index] ?? notFound(`pull request ${number}`));
      if (found.state !== 'open' || found.draft) return { kind: 'refused', reason: 'Pull Request is not mergeable' };
      if (found.headSha !== sha) return { kind: 'head-moved' };
      this.git.branches.set(found.baseBranch, sha);
      this.pulls[index] = { ...found, state: 'closed', merged: true };
      return { kind: 'merged', sha };
    });
  }

  isOwnAuthor(author: string): Promise<boolean> {
    return this.call('GET /user', () => author === this.login);
  }

  updatePullRequest(
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'closed' },
  ) {
    return this.call(`PATCH ${base}/pulls/{pull_number}`, () => {
      const index = this.pulls.findIndex((pull) => pull.number === number);
      const found = this.pulls[index] ?? notFound(`pull request ${number}`);
      const changed = { ...found, ...change };
      this.pulls[index] = changed;
      return this.current(changed);
    });
  }

  workflowRun(runId: number): Promise<WorkflowRunInfo | undefined> {
    return this.call(`GET ${base}/actions/runs/{run_id}`, () => this.runs.get(runId));
  }

  cancelWorkflowRun(runId: number): Promise<'cancelling' | 'ended' | 'missing' | 'not-permitted'> {
    return this.call(`POST ${base}/actions/runs/{run_id}/cancel`, () => {
      const run = this.runs.get(runId);
      if (run === undefined) return 'missing';
      if (run.status === 'completed') return 'ended';
      this.runs.set(runId, { ...run, status: 'completed', conclusion: 'cancelled' });
      return 'cancelling';
    });
  }

  requestCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const name of this.calls) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  private async call<T>(name: string, act: () => T): Promise<T> {
    const fatal = this.dieOn?.call === this.calls.length + 1 ? this.dieOn.when : undefined;
    this.calls.push(name);
    if (fatal === 'before') throw new Killed(`before ${name}`);
    this.beforeCall?.(name);
    const answer = act();
    if (fatal === 'after') throw new Killed(`after ${name}`);
    return answer;
  }

  private markReady(number: number): 'ready' | 'was-ready' {
    const index = this.pulls.findIndex((pull) => pull.number === number);
    const found = this.pulls[index] ?? notFound(`pull request ${number}`);
    if (!found.draft) return 'was-ready';
    this.pulls[index] = { ...found, draft: false };
    return 'ready';
  }

  private commentsOf(issue: number): readonly CommentSnapshot[] {
    return this.allComments.filter((row) => row.issue === issue).map((row) => row.snapshot);
  }

  private commentRow(id: number): { issue: number; snapshot: CommentSnapshot } | undefined {
    return this.allComments.find((row) => row.snapshot.id === id);
  }

  private current(pull: PullRequestInfo): PullRequestInfo {
    return { ...pull, headSha: this.git.branches.get(pull.headBranch) ?? pull.headSha };
  }

  private takeNumber(): number {
    this.nextNumber += 1;
    return this.nextNumber - 1;
  }
}
