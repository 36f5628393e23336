import type { Dependency } from './coordination/dependency.ts';
import type { MirroredIssue } from './coordination/task-record.ts';

/** What a webhook tells, as far as the books are about it. */
export type ForgeEvent =
  /** An issue or pull request as it is now; one that was deleted or moved away is told as closed. */
  | { readonly kind: 'issue'; readonly issue: MirroredIssue; readonly actor: string }
  /** People said on GitHub itself what waits for what, or no longer does. */
  | {
      readonly kind: 'dependency';
      readonly change: 'added' | 'removed';
      readonly dependency: Dependency;
      /** Both ends, as far as the event tells them. */
      readonly issues: readonly MirroredIssue[];
      readonly actor: string;
    }
  /** No job of this attempt works any more. */
  | {
      readonly kind: 'run-ended';
      /** `octo/slug`. */
      readonly repository: string;
      readonly runId: number;
      readonly attempt: number;
      readonly conclusion: string;
      /** Its `run-name`, which of a dispatched run names the run. */
      readonly title: string;
    }
  /** Nothing that the books are about; why, for the log. */
  | { readonly kind: 'unrelated'; readonly reason: string };
