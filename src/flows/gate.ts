import type { Actor } from '../domain/actor-policy.ts';
import type { Approval } from '../domain/approval.ts';
import type { Brief } from '../domain/brief.ts';
import type { BudgetLimits } from '../domain/budget.ts';
import type { ClaimHolder } from '../domain/claim.ts';
import type { Command } from '../domain/command.ts';
import type { ParsedCommand } from '../domain/command-parser.ts';
import type { BudgetKey } from '../domain/coordination/budget-record.ts';
import type { RequestNames } from '../domain/dispatch/request-names.ts';
import type { CommentSnapshot, IssueSnapshot } from '../domain/issue.ts';
import type { Permission } from '../domain/permission.ts';
import type { PullSnapshot } from '../domain/pull-snapshot.ts';
import type { RequestCause } from '../domain/request-cause.ts';
import type { RoleDefinition } from '../domain/roles/role.ts';
import type { WorkKind } from '../domain/roles/work-kind.ts';
import type { Settings } from '../domain/settings.ts';
import type { TeamApproval } from '../domain/stages/team-approval.ts';
import type { ApprovedPlan, Continuation, PlanToFollow, Task, TriageChoices } from '../domain/task.ts';
import type { TakenUp } from '../domain/unfinished/unfinished-work.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { ChangeSetDesk } from './change-set/change-set-desk.ts';
import type { Books } from './coordinated-run.ts';
import type { WaitingRoom } from './dispatch/waiting-room.ts';
import type { TeamRoom } from './team/team-room.ts';
import type { TeamTurn } from './turn.ts';

export const settingsPath = '.github/entropy.yml';

/** What the gate works with. */
export interface Gate {
  readonly forge: Forge;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  readonly log: (line: string) => void;
  /** Whoever asks keeps the lease up with a heartbeat, so it may be short, milliseconds; absent: as long as the run may take. */
  readonly leaseMs?: number;
  /** A coordinator's, which keeps the claims as well then. */
  readonly books?: Books;
  /** Inputs laid over the repository's file, given as bytes with its name for messages. Throws E101. */
  readonly settingsFrom: (file: Uint8Array | undefined, where: string) => Promise<Settings>;
  /** Version of this program. */
  readonly version: string;
  /**
   * The work is handed over and begun elsewhere, later: the run stays `queued`. Whoever asks so asks the very same again after a
   * fault, by the same names, so a fault takes nothing back and is not told on the issue.
   */
  readonly dispatch?: DispatchedRequest;
  /** Who finds no room in a budget stands in line; absent: is refused. */
  readonly waiting?: WaitingRoom;
  /** Only what this role is asked for: other agents of the repository hear of the same event. Absent: everything. */
  readonly only?: string;
  /** Opens changes in several repositories; absent: refused, for a job's token reaches one. */
  readonly changeSets?: ChangeSetDesk;
  /** The one repository where the runs of all are carried out; absent: each in its own. */
  readonly runner?: Forge;
  /** Takes secrets out of what others wrote, logs above all, before an agent reads it. */
  readonly redact?: (text: string) => string;
  /** What the flows of a team can do here besides. */
  readonly team?: Pick<TeamRoom, 'starter'>;
  /** The workflow run that the gate is a part of; absent outside of workflows. */
  readonly workflowRun?: NonNullable<ClaimHolder['workflowRun']>;
}

export interface DispatchedRequest extends RequestNames {
  readonly traceparent: string;
}

/** What was asked, by whom, where: an event that is about agents, made alike. */
export interface GateRequest {
  /** The issue or pull request where it was asked, and where it is answered. 0: none yet, one is opened for it. */
  readonly issueNumber: number;
  readonly asked: Asked;
  readonly sender: Actor;
  readonly approval: Approval;
  /** Told by the event; a dispatch does not tell. */
  readonly isPullRequest: boolean | undefined;
  /** Absent: somebody typed it, or put a label on. */
  readonly cause?: RequestCause;
  /** Of the pull request, as the event showed it. */
  readonly headSha?: string;
  /** The comment on a line that holds the command, or the remark. */
  readonly lineComment?: { readonly id: number; readonly body: string };
  /** The review whose own words hold the command. */
  readonly review?: { readonly id: number; readonly body: string };
}

export type Asked =
  | Exclude<ParsedCommand, { readonly kind: 'none' }>
  /** By a label: what this role does first. */
  | { readonly kind: 'role'; readonly role: string }
  /** `known`: those that there are; none when it is no name of a role at all. */
  | { readonly kind: 'unknown-role'; readonly name: string; readonly known: readonly string[] };

/** A request from somebody who may make it, with the repository as it is now. */
export interface PermittedRequest extends GateRequest {
  readonly permission: Permission;
  readonly settings: Settings;
  readonly defaultBranch: string;
  readonly defaultHead: string;
}

/** A request that nothing stands in the way of: only the claim is missing. */
export interface ReadyWork {
  readonly request: PermittedRequest;
  readonly command: Command;
  readonly work: WorkKind;
  readonly role: RoleDefinition;
  readonly model: string;
  readonly issue: IssueSnapshot;
  /** Where it is told how the run goes, with all comments there, ours too. */
  readonly place: { readonly number: number; readonly comments: readonly CommentSnapshot[] };
  readonly base: { readonly branch: string; readonly sha: string };
  readonly continues: Continuation | undefined;
  readonly budget: BudgetLimits;
  readonly instructions: Task['instructions'];
  /** A held change is published, and no agent works. */
  readonly approved?: ApprovedPlan;
  readonly pull?: PullSnapshot;
  readonly brief?: Brief;
  readonly follows?: PlanToFollow;
  /** What was seen of the issue: kept, so that what goes on by itself is bound to it. */
  readonly keep?: TeamApproval;
  /** What an issue reader may name. */
  readonly triage?: TriageChoices;
  /** Of the team that this work is a step of. */
  readonly turn?: TeamTurn;
  /** What an earlier run left, to go on from. */
  readonly unfinished?: TakenUp;
  /** What is told of that on the run's comment, also when it is not taken up. */
  readonly goesOn?: string;
}

export type RefusalReason =
  | 'actor'
  | 'configuration'
  | 'policy'
  | 'pull-request'
  | 'closed'
  | 'locked'
  | 'changed'
  | 'base'
  | 'budget'
  /** The same, and the budget has room again by itself: others end, or a day does. */
  | 'no-room'
  /** What is held is not what was approved, or nobody can approve it any more. */
  | 'plan'
  /** It is not the turn of the team's coder. */
  | 'team'
  | 'claimed';

export type Admission =
  | { readonly kind: 'admitted'; readonly task: Task; readonly trackingComment: CommentSnapshot }
  /** Done with: no agent is needed for it. */
  | {
      readonly kind: 'answered';
      readonly what: 'help' | 'status' | 'stopped' | 'released' | 'nothing-held' | 'not-understood' | 'change-set';
      readonly text: string;
    }
  /** `commented` is false when the issue takes no comment, or the person was told before. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly text: string;
      readonly commented: boolean;
    }
  /** Stands in line for a budget, and will be asked for again when there is room. */
  | { readonly kind: 'waiting'; readonly line: BudgetKey; readonly ahead: number; readonly text: string }
  /** Nothing that we have to do with. Nobody is told. */
  | { readonly kind: 'ignored'; readonly reason: string };
