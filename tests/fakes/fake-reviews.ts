import type {
  ForgeReviews,
  NewReview,
  PullFile,
  ReviewCommentInfo,
  ReviewInfo,
  ReviewThread,
} from '../../src/ports/forge-reviews.ts';
import { notFound } from './fake-git-store.ts';

type CallAs = <T>(name: string, act: () => T) => Promise<T>;
type OfPull<T> = T & { readonly pull: number };

const pulls = '/repos/{owner}/{repo}/pulls/{pull_number}';
const at = '2026-11-01T10:00:00Z';

/** Reviews, their comments and conversations in memory. What stands on no line of `diffs` is refused, as GitHub does. */
export class FakeReviews implements ForgeReviews {
  readonly diffs = new Map<number, readonly PullFile[]>();
  /** What there is between the base and this head. */
  readonly compared = new Map<string, readonly PullFile[]>();
  readonly allReviews: OfPull<ReviewInfo>[] = [];
  readonly allComments: OfPull<ReviewCommentInfo>[] = [];
  readonly resolved = new Set<string>();
  /** Who closed a conversation; of others it was the forge's own token. */
  readonly resolvers = new Map<string, string>();
  readonly outdated = new Set<string>();
  /** Reviews with eyes on them. */
  readonly reacted: number[] = [];
  /** What GitHub says to `create`, in the place of doing it. */
  refusal: string | undefined;
  private nextId = 5001;
  private readonly call: CallAs;
  private readonly login: () => string;
  private readonly ready: (pull: number) => 'ready' | 'was-ready';

  constructor(options: {
    readonly call: CallAs;
    readonly login: () => string;
    readonly ready: (pull: number) => 'ready' | 'was-ready';
  }) {
    this.call = options.call;
    this.login = options.login;
    this.ready = options.ready;
  }

  /** A review of somebody else, with comments. */
  seed(
    pull: number,
    author: string,
    review: Partial<NewReview> & Partial<Pick<ReviewInfo, 'state' | 'submittedAt'>>,
  ): ReviewInfo {
    const id = this.takeId();
    const url = `https://github.example.test/octo/slug/pull/${pull}#pullrequestreview-${id}`;
    const verdicts = { COMMENT: 'COMMENTED', APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED' } as const;
    const state = review.state ?? verdicts[review.event ?? 'COMMENT'];
    const { commitSha, body = '' } = review;
    const made = { id, author, body, state, commitSha, submittedAt: review.submittedAt ?? at, url };
    this.allReviews.push({ ...made, pull });
    for (const comment of review.comments ?? []) {
      this.seedComment(pull, author, { ...comment, reviewId: id, inReplyTo: undefined });
    }
    return made;
  }

  seedComment(
    pull: number,
    author: string,
    comment: Pick<ReviewCommentInfo, 'path' | 'body'> & Partial<ReviewCommentInfo>,
  ): ReviewCommentInfo {
    const id = comment.id ?? this.takeId();
    const { path, body, line, reviewId, inReplyTo, createdAt = at } = comment;
    const url = `https://github.example.test/octo/slug/pull/${pull}#discussion_r${id}`;
    const made = { id, reviewId, author, body, path, line, inReplyTo, createdAt, url };
    this.allComments.push({ ...made, pull });
    return made;
  }

  files(pull: number): Promise<{ readonly files: readonly PullFile[]; readonly complete: boolean }> {
    return this.call(`GET ${pulls}/files`, () => ({ files: this.diffs.get(pull) ?? [], complete: true }));
  }

  filesBetween(_base: string, head: string): ReturnType<ForgeReviews['filesBetween']> {
    return this.call('GET /repos/{owner}/{repo}/compare/{basehead}', () => ({
      files: this.compared.get(head) ?? [...this.diffs.values()].flat(),
      complete: true,
    }));
  }

  reviews(pull: number): Promise<readonly ReviewInfo[]> {
    return this.call(`GET ${pulls}/reviews`, () => of(pull, this.allReviews));
  }

  comments(pull: number): Promise<readonly ReviewCommentInfo[]> {
    return this.call(`GET ${pulls}/comments`, () => of(pull, this.allComments));
  }

  threads(pull: number): Promise<readonly ReviewThread[]> {
    return this.call('POST /graphql', () =>
      of(pull, this.allComments)
        .filter((comment) => comment.inReplyTo === undefined)
        .map((first) => {
          const id = threadOf(first.id);
          const replies = of(pull, this.allComments).filter((each) => each.inReplyTo === first.id);
          const comments = [first.id, ...replies.map((each) => each.id)];
          const resolved = this.resolved.has(id);
          const by = resolved ? { resolvedBy: this.resolvers.get(id) ?? this.login() } : {};
          return { id, resolved, ...by, outdated: this.outdated.has(id), comments };
        }),
    );
  }

  create(pull: number, review: NewReview): ReturnType<ForgeReviews['create']> {
    return this.call(`POST ${pulls}/reviews`, () => {
      if (this.refusal !== undefined) return { kind: 'refused' as const, reason: this.refusal };
      const shown = new Set((this.diffs.get(pull) ?? []).map((file) => file.path));
      const astray = review.comments.find((comment) => this.diffs.has(pull) && !shown.has(comment.path));
      if (astray !== undefined) return { kind: 'refused' as const, reason: 'Path could not be resolved' };
      return { kind: 'created' as const, review: this.seed(pull, this.login(), review) };
    });
  }

  react(pull: number, reviewId: number): Promise<void> {
    return this.call(
      'POST /graphql',
      () =>
        void this.reacted.push(
          this.allReviews.find(({ id }) => id === reviewId)?.id ?? notFound(`review ${reviewId} of #${pull}`),
        ),
    );
  }

  reply(pull: number, commentId: number, body: string): Promise<ReviewCommentInfo> {
    return this.call(`POST ${pulls}/comments/{comment_id}/replies`, () => {
      const first =
        of(pull, this.allComments).find((each) => each.id === commentId) ?? notFound(`comment ${commentId}`);
      return this.seedComment(pull, this.login(), { path: first.path, line: first.line, body, inReplyTo: commentId });
    });
  }

  resolveThread(threadId: string): Promise<void> {
    return this.call('POST /graphql', () => void this.resolved.add(this.existing(threadId)));
  }

  reopenThread(threadId: string): Promise<void> {
    return this.call('POST /graphql', () => void this.resolved.delete(this.existing(threadId)));
  }

  dismiss(pull: number, reviewId: number): ReturnType<ForgeReviews['dismiss']> {
    return this.call(`PUT ${pulls}/reviews/{review_id}/dismissals`, () => {
      const index = this.allReviews.findIndex((each) => each.pull === pull && each.id === reviewId);
      const found = this.allReviews[index] ?? notFound(`review ${reviewId}`);
      const judges = found.state === 'APPROVED' || found.state === 'CHANGES_REQUESTED';
      if (!judges) return { kind: 'refused' as const, reason: 'Can not dismiss a commented pull request review' };
      this.allReviews[index] = { ...found, state: 'DISMISSED' };
      return { kind: 'dismissed' as const };
    });
  }

  markReady(pull: number): Promise<'ready' | 'was-ready'> {
    return this.call('POST /graphql', () => this.ready(pull));
  }

  private existing(threadId: string): string {
    return this.allComments.some((comment) => threadOf(comment.id) === threadId)
      ? threadId
      : notFound(`thread ${threadId}`);
  }

  private takeId(): number {
    this.nextId += 1;
    return this.nextId - 1;
  }
}

/** How the fake names the conversation that a comment begins. */
export function threadOf(commentId: number): string {
  return `PRRT_${commentId}`;
}

function of<T extends object>(pull: number, all: readonly OfPull<T>[]): readonly T[] {
  return all.filter((each) => each.pull === pull).map(({ pull: _, ...rest }) => rest as unknown as T);
}
