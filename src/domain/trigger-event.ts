import type { Actor } from './actor-policy.ts';

/** The issue as the event carries it: what the person saw when they asked. */
export interface EventIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isPullRequest: boolean;
  /** ISO time of the issue's last change as the event tells it; undefined when it does not. */
  readonly updatedAt: string | undefined;
}

/** What woke us, read from the event's payload. All text is untrusted. */
export type TriggerEvent =
  | {
      readonly kind: 'comment';
      readonly issue: EventIssue;
      readonly comment: { readonly id: number; readonly body: string; readonly createdAt: string };
      readonly sender: Actor;
    }
  | { readonly kind: 'label'; readonly issue: EventIssue; readonly label: string; readonly sender: Actor }
  /** `workflow_dispatch` and `repository_dispatch`: a command without its phrase, for an issue named by number. */
  | {
      readonly kind: 'dispatch';
      readonly issueNumber: number;
      readonly command: string;
      readonly sender: Actor;
    }
  /** An event that never starts an agent, and why not. */
  | { readonly kind: 'unrelated'; readonly reason: string };
