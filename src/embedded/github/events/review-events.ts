import type { Thread } from '../pulls/review-threads.ts';
import { renderReview, renderReviewComment, renderSimplePull } from '../render/pull.ts';
import type { PullIssue, Review, ReviewComment } from '../state/issue-state.ts';
import { type Scene, sceneFields } from './payloads.ts';

export function emitReviewEvent(
  scene: Scene,
  issue: PullIssue,
  review: Review,
  action: 'submitted' | 'dismissed',
): void {
  const { world, repository, actor } = scene;
  const rendered = renderReview(world, repository, issue, review);
  const payload = {
    action,
    // The webhook writes the state in small letters, the API in capitals.
    review: { ...rendered, state: review.state.toLowerCase(), submitted_at: review.submittedAt },
    pull_request: renderSimplePull(world, repository, issue, 'webhook'),
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'pull_request_review', repository, actor, payload });
}

export function emitReviewCommentEvent(scene: Scene, issue: PullIssue, comment: ReviewComment): void {
  const { world, repository, actor } = scene;
  const payload = {
    action: 'created',
    comment: webhookComment(scene, issue, comment),
    pull_request: renderSimplePull(world, repository, issue, 'webhook'),
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'pull_request_review_comment', repository, actor, payload });
}

/** A conversation was closed, or opened again. */
export function emitThreadEvent(
  scene: Scene,
  issue: PullIssue,
  { thread, action }: { readonly thread: Thread; readonly action: 'resolved' | 'unresolved' },
): void {
  const { world, repository, actor } = scene;
  const payload = {
    action,
    thread: {
      node_id: thread.nodeId,
      comments: thread.comments.map((comment) => webhookComment(scene, issue, comment)),
    },
    pull_request: renderSimplePull(world, repository, issue, 'webhook'),
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'pull_request_review_thread', repository, actor, payload });
}

/** Webhooks name all of its places, also those that the API leaves out. */
function webhookComment({ world, repository }: Scene, issue: PullIssue, comment: ReviewComment) {
  return {
    ...renderReviewComment(world, repository, issue, comment),
    line: comment.line,
    original_line: comment.original.line ?? 1,
    start_side: comment.startSide,
    position: comment.position,
    original_position: comment.original.position ?? 1,
  };
}
