import type { EntropyError } from '../domain/error.ts';
import type { FaultNote } from '../domain/fault-note.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PatchManifest } from '../domain/patch.ts';
import type { BlobId } from '../domain/patch-check.ts';
import type { WorkKind } from '../domain/roles/work-kind.ts';
import type { RunResult, Submission } from '../domain/run-result.ts';
import type { StageResult } from '../domain/stages/stage-result.ts';
import type { Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { SavedTold } from '../domain/unfinished/unfinished-text.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { ForgeIssues } from '../ports/forge-issues.ts';
import type { SecretScanner } from '../ports/secret-scanner.ts';

/** The patch as it is on a newer head of its branch. */
export type RemergeResult =
  /** Merged, and the repository's tests were run on it (absent when there is no test command). */
  | { readonly kind: 'merged'; readonly manifest: PatchManifest; readonly tests?: TestRun }
  /** The newer head holds all of the patch already. */
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  /** Here nothing can be merged or tested: the publish job runs no code of the repository. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export type Remerge = (patch: PatchManifest, newHead: string, signal: AbortSignal) => Promise<RemergeResult>;

/** What the publisher works with. */
export interface Publisher {
  readonly forge: Forge;
  readonly claims: ClaimStore;
  readonly scanner: SecretScanner;
  readonly clock: Clock;
  readonly blobId: BlobId;
  readonly log: (line: string) => void;
  readonly dryRun: boolean;
  /** What waits for what; absent: it is only said. */
  readonly dependencies?: Pick<ForgeIssues, 'addBlockedBy'>;
  /** A heartbeat keeps the lease up meanwhile. */
  readonly heartbeat?: boolean;
  /** Given where the workspace and a sandbox are at hand. */
  readonly remerge?: Remerge;
}

/** What is known of an agent that left no result. */
export interface Unheard {
  /** What it left instead, when it could. */
  readonly fault?: FaultNote;
  /** How its job ended, in GitHub's word. */
  readonly job?: string;
}

export interface PublishRequest {
  readonly task: Task;
  /** `result.json` as it was read, parsed and checked here; undefined when the agent left none. */
  readonly result: unknown;
  /** What is known when there is none. */
  readonly unheard?: Unheard;
  /** SHA-256 of the recorded trajectory, for the pull request. */
  readonly trajectoryDigest?: string;
}

/** One run being published: all steps get this. */
export interface PublishRun extends Publisher {
  readonly task: Task;
  readonly trajectoryDigest?: string;
  /** What became of the work in progress of a run that hands nothing in. */
  readonly saved?: SavedTold;
  readonly signal: AbortSignal;
}

/** A run that is ready to be published: submission and patch are there, and belong to this task. */
export interface ReadyChange {
  readonly result: RunResult;
  readonly submission: Submission;
  readonly manifest: PatchManifest;
}

/** An end that a person can do something about. Nothing was published that would have to be taken back. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly code: 'E600' | 'E601' | 'E602' | 'E604' | 'E605';
  readonly reason: string;
  readonly next: string;
  /** Where the work is kept, when it is on the forge. */
  readonly branch?: string;
}

export interface PublishReport {
  readonly outcome: Outcome;
  /** One or two sentences for a person; may quote untrusted text. */
  readonly reason: string;
  /** What went wrong, when something did: faults and broken rules alike. */
  readonly error?: Pick<EntropyError, 'code' | 'message' | 'fix'>;
  /** The parsed hand-over; undefined when it could not be read. */
  readonly result?: RunResult;
  readonly branch?: string;
  readonly headSha?: string;
  readonly pullRequest?: { readonly number: number; readonly url: string; readonly draft: boolean };
  /** What was delivered and is no pull request of ours, for people to open. */
  readonly delivered?: { readonly kind: Exclude<WorkKind, 'change'>; readonly url: string };
  /** What it means for the stages of a team; absent where nothing of the kind came of it. */
  readonly stage?: StageResult;
  /** The patch as published (or as it would be, in a dry run). */
  readonly manifest?: PatchManifest;
}
