import type { Actor } from './actor-policy.ts';

/** The issue or pull request as the event carries it: what the person saw when they asked. */
export interface EventIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isPullRequest: boolean;
  /** ISO time of the issue's last change as the event tells it; undefined when it does not. */
  readonly updatedAt: string | undefined;
}

/** The same for a pull request, with the commit that was seen. */
export interface EventPull extends EventIssue {
  readonly isPullRequest: true;
  readonly headSha: string;
  readonly draft: boolean;
}

interface EventComment {
  readonly id: number;
  readonly body: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The `event_type` of a `repository_dispatch` that is meant for us. */
export const dispatchType = 'entropy-agent';

/** What woke us, read from the event's payload. All text is untrusted. */
export type TriggerEvent =
  /** A comment below an issue or a pull request. */
  | { readonly kind: 'comment'; readonly issue: EventIssue; readonly comment: EventComment; readonly sender: Actor }
  | { readonly kind: 'label'; readonly issue: EventIssue | EventPull; readonly label: string; readonly sender: Actor }
  | { readonly kind: 'assigned'; readonly issue: EventIssue; readonly assignee: string; readonly sender: Actor }
  | { readonly kind: 'opened'; readonly issue: EventIssue; readonly sender: Actor }
  /** An issue or a pull request was closed, by a merge as well: a team that works on it ends. */
  | { readonly kind: 'closed'; readonly issue: EventIssue | EventPull; readonly sender: Actor }
  /** A pull request is there to be looked at, for the first time or with other code. */
  | { readonly kind: 'pull'; readonly issue: EventPull; readonly sender: Actor }
  /** A review that was handed in. `demands`: it requests changes. */
  | {
      readonly kind: 'review';
      readonly issue: EventPull;
      readonly review: {
        readonly id: number;
        readonly body: string;
        readonly submittedAt: string;
        readonly demands: boolean;
      };
      readonly sender: Actor;
    }
  /** A comment on a line of a pull request, alone, in a review or in answer to another one. */
  | { readonly kind: 'line-comment'; readonly issue: EventPull; readonly comment: EventComment; readonly sender: Actor }
  /** A check ended on a branch of this repository. The sender is whoever set the check off, and counts for nothing. */
  | {
      readonly kind: 'checks';
      readonly headSha: string;
      readonly branch: string;
      readonly failed: boolean;
      /** `each`: whoever tells this tells of every check. `workflow`: a whole workflow has ended, and of others nobody may tell. */
      readonly told: 'each' | 'workflow';
      readonly sender: Actor;
    }
  /** A branch went on: agents' pull requests into it may conflict now. The sender is whoever pushed, and counts for nothing. */
  | { readonly kind: 'pushed'; readonly branch: string; readonly sender: Actor }
  /**
   * `workflow_dispatch` and `repository_dispatch`: a command without its phrase, for an issue named by number. `step`: the team
   * asks for its next run; then its record says who asked at first.
   */
  | {
      readonly kind: 'dispatch';
      readonly issueNumber: number;
      readonly command: string;
      readonly step?: string;
      readonly sender: Actor;
    }
  /** The clock of a workflow: what is to be done, if anything, stands in the workflow itself. */
  | { readonly kind: 'schedule'; readonly order?: ScheduledOrder; readonly sender: Actor }
  /** An event that never starts an agent, and why not. */
  | { readonly kind: 'unrelated'; readonly reason: string };

/** What a workflow's own file on the default branch asks for. */
export interface ScheduledOrder {
  /** Command without its phrase: `fix --budget 1usd`. */
  readonly command: string;
  /** The issue it is about; absent: one is opened for it. */
  readonly issueNumber?: number;
  /** Of the issue that is opened, when none is given. */
  readonly title?: string;
}

/** The issue or pull request that an event is about, where it names one. */
export function numberOfEvent(event: TriggerEvent): number | undefined {
  switch (event.kind) {
    case 'unrelated':
    case 'checks':
    case 'pushed':
      return undefined;
    case 'dispatch':
      return event.issueNumber;
    case 'schedule':
      return event.order?.issueNumber;
    default:
      return event.issue.number;
  }
}
