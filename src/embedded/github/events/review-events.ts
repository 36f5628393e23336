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
  const lines = {
    line: comment.line,
    original_line: comment.line ?? 1,
    start_side: comment.startSide,
    position: comment.position,
    original_position: comment.position ?? 1,
  };
  const payload = {
    action: 'created',
    comment: { ...renderReviewComment(world, repository, issue, comment), ...lines },
    pull_request: renderSimplePull(world, repository, issue, 'webhook'),
    ...sceneFields(scene),
  };
  world.events.emit({ name: 'pull_request_review_comment', repository, actor, payload });
}
