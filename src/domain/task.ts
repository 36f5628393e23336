import type { AgentIdentity } from './agent-identity.ts';
import type { Brief } from './brief.ts';
import type { BudgetLimits } from './budget.ts';
import type { Lease } from './claim.ts';
import type { Command } from './command.ts';
import type { MetadataStrategy } from './conflicts/metadata.ts';
import type { IssueSnapshot } from './issue.ts';
import type { MergeOf } from './merge-of.ts';
import type { MergePolicy } from './merge-policy.ts';
import type { PatchPolicy } from './patch-policy.ts';
import type { PriceTable } from './price.ts';
import type { PullSnapshot } from './pull-snapshot.ts';
import type { PlanReport } from './reports/plan-report.ts';
import type { RepositoryRef } from './repository.ts';
import type { TaskRole } from './roles/role.ts';
import type { WorkKind } from './roles/work-kind.ts';
import type { SandboxRung } from './run-result.ts';
import type { TaskNetwork } from './sandbox-network.ts';
import type { ToolPolicy } from './tool-names.ts';
import type { TakenUp } from './unfinished/unfinished-work.ts';

/** An agent's own earlier branch that this run goes on with instead of starting a new one. */
export interface Continuation {
  readonly branch: string;
  readonly headSha: string;
  readonly pullRequest: number;
  /** Its base went on: the run merges it into the branch. */
  readonly mergeOf?: MergeOf;
}

/** A plan that a person approved: it is published as it is held, and no agent works. */
export interface ApprovedPlan {
  /** SHA-256 of the plan, in full: what the person typed is the beginning of it. */
  readonly plan: string;
  readonly by: string;
  /** Who had asked for the work. */
  readonly askedBy: string;
  /** The run that made the change. */
  readonly madeBy: string;
}

/** A plan in words that a person has approved, for the coder who carries it out. */
export interface PlanToFollow {
  readonly hash: string;
  readonly approvedBy: string;
  /** A model wrote it, and a person has read it: data, which narrows what is to be done. */
  readonly plan: PlanReport;
}

/** An open issue of the same repository, as much of it as tells whether another one has to do with it. Untrusted text. */
export interface IssueCandidate {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
}

/** What an issue reader may choose from; what is not here it cannot name. */
export interface TriageChoices {
  /** Names of the repository's labels. Untrusted text. */
  readonly labels: readonly string[];
  readonly candidates: readonly IssueCandidate[];
  /** Open issues that were not looked at, as there are too many. */
  readonly leftOut?: number;
  /** Titles of the open milestones. Untrusted text. */
  readonly milestones?: readonly string[];
  /** Whose word counts where the reader and somebody else write a title, a milestone, a state or a label. Absent: a person is asked. */
  readonly edits?: MetadataStrategy;
}

/**
 * One admitted piece of work: everything the agent and the publisher may know, bound to the moment of approval.
 * The gate writes it as `task.json`; its SHA-256 travels beside it as a job output, so that nothing can swap it.
 */
export interface Task {
  readonly schema: 1;
  /** ULID; names the run everywhere: trajectory, comment, commit trailer, claim. */
  readonly runId: string;
  readonly attempt: number;
  readonly agent: AgentIdentity;
  /** What is handed over at the end. */
  readonly work: WorkKind;
  readonly role: TaskRole;
  readonly repository: RepositoryRef;
  readonly issue: IssueSnapshot;
  readonly command: Command;
  /** Who asked, and the permission that the API reported for them. */
  readonly requestedBy: { readonly login: string; readonly permission: string };
  readonly base: { readonly branch: string; readonly sha: string };
  readonly continues?: Continuation;
  readonly approved?: ApprovedPlan;
  /** The pull request that is reviewed or verified. */
  readonly pull?: PullSnapshot;
  /** What it goes on from, besides the issue. */
  readonly brief?: Brief;
  readonly follows?: PlanToFollow;
  /** What an earlier run of the issue left: laid into the workspace at the start, and part of what this one hands in. */
  readonly unfinished?: TakenUp;
  /** For work of the kind `triage`. */
  readonly triage?: TriageChoices;
  /** The step of the team that this run is; absent: somebody asked for this run alone. */
  readonly step?: string;
  readonly lease: Lease;
  readonly trackingCommentId: number;
  readonly budget: BudgetLimits;
  readonly patchPolicy: PatchPolicy;
  /** Tools that the repository gives; absent: all. */
  readonly tools?: ToolPolicy;
  /** Prepares the workspace (install, build); runs before any key is in the process. */
  readonly setupCommand?: string;
  /** Proves the work: run before and after in the sandbox. */
  readonly testCommand?: string;
  /** AGENTS.md and CLAUDE.md as they are at the base commit, never at a pull request's head. */
  readonly instructions: readonly { readonly path: string; readonly text: string }[];
  /** Extra instructions from whoever wrote the workflow; trusted like the repository's own. */
  readonly prompt?: string;
  /** What the sandboxes reach; nothing when absent. */
  readonly network?: TaskNetwork;
  /** Environment of commands in the sandbox, from the configuration; never a secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Prices that this repository gives for models, laid over the built-in table. */
  readonly prices: PriceTable;
  readonly draft: boolean;
  /** Absent: `never`. */
  readonly merge?: MergePolicy;
  readonly branchPrefix: string;
  /** The label that starts an agent, alone or before `:role`: no agent sets one. Absent: `agent`. */
  readonly labelTrigger?: string;
  readonly sandboxRequired?: SandboxRung;
  readonly links: { readonly issue: string; readonly workflowRun?: string };
  /** W3C Trace Context: what set this off, from the delivery that asked for it on. */
  readonly traceparent?: string;
  /** What the gate had asked GitHub when it wrote this; counts against the budget as the publisher's requests do. */
  readonly githubRequests?: number;
  /** Milliseconds since 1970. */
  readonly admittedAt: number;
}

/**
 * The commit that the agent starts from: the pull request's head, that of the branch that it goes on with, or the base. The base as
 * well when that is merged into the branch: then the patch is what the pull request shows.
 */
export function startingSha(task: Pick<Task, 'pull' | 'continues' | 'base'>): string {
  const { pull, continues, base } = task;
  const isMerge = continues?.mergeOf !== undefined;
  return pull?.headSha ?? (isMerge ? base.sha : (continues?.headSha ?? base.sha));
}

/** The branch that the base is merged into, and where the two parted. */
export function mergeIn(
  task: Pick<Task, 'continues'>,
): { readonly forkSha: string; readonly oursSha: string } | undefined {
  const { continues } = task;
  if (continues?.mergeOf === undefined) return undefined;
  return { forkSha: continues.mergeOf.forkSha, oursSha: continues.headSha };
}

/** Where it is told how the run goes, and what came of it: on the pull request that is looked at, else on the issue. */
export function conversationOf(task: Pick<Task, 'pull' | 'issue'>): number {
  return task.pull?.number ?? task.issue.number;
}
