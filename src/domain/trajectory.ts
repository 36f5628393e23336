import type { BudgetLimit, BudgetLimits, Spend, TokenUsage } from './budget.ts';
import type { AssistantBlock } from './conversation.ts';
import type { Outcome } from './outcome.ts';
import type { PassedOverRung } from './passed-over.ts';
import type { RoleReport } from './reports/role-report.ts';
import type { SandboxRung, Submission, TestProof } from './run-result.ts';
import type { SanitisedPlace } from './sanitise/readable-issue.ts';
import type { TestRun } from './test-run.ts';

export const trajectorySchema = 1;

/**
 * Everything that happened in a run, in order, one JSON line each. `seq` counts from 0 without gaps; `at` is
 * milliseconds since 1970. A reader accepts a torn last line (the writer was killed) and nothing else.
 */
export type TrajectoryEvent = { readonly seq: number; readonly at: number } & TrajectoryBody;

export type TrajectoryBody =
  | {
      readonly type: 'run.started';
      readonly schema: typeof trajectorySchema;
      readonly runId: string;
      readonly repository: string;
      readonly issue: number;
      readonly title: string;
      readonly baseSha: string;
      readonly model: string;
      readonly budget: BudgetLimits;
      readonly version: string;
    }
  | {
      readonly type: 'sandbox.ready';
      readonly rung: SandboxRung;
      readonly description: string;
      /** `none` where there is no sandbox, so that nothing could be proven. */
      readonly canary: 'contained' | 'none';
      /** Stronger ones that the machine could not have; absent when there was none. */
      readonly passedOver?: readonly PassedOverRung[];
    }
  /** What was taken out of texts from outside before the model read them; absent when nothing was. */
  | { readonly type: 'text.sanitised'; readonly places: readonly SanitisedPlace[] }
  | {
      readonly type: 'tests.finished';
      readonly phase: 'before' | 'after';
      readonly run: TestRun;
      /** Of those after: where the agent never was, or where it had worked. */
      readonly room?: TestProof['room'];
    }
  | {
      readonly type: 'model.requested';
      readonly turn: number;
      readonly messages: number;
      readonly estimatedTokens: number;
    }
  | {
      readonly type: 'model.replied';
      readonly turn: number;
      readonly model: string;
      readonly content: readonly AssistantBlock[];
      readonly stopReason: StopReason;
      readonly usage: TokenUsage;
      readonly costMicroUsd: number;
      readonly durationMs: number;
    }
  | { readonly type: 'model.failed'; readonly turn: number; readonly message: string; readonly retryable: boolean }
  | {
      readonly type: 'tool.started';
      readonly turn: number;
      readonly callId: string;
      readonly tool: string;
      /** One line for a timeline: `npm test`, `src/slugify.ts`. */
      readonly subject: string;
    }
  | {
      readonly type: 'tool.finished';
      readonly turn: number;
      readonly callId: string;
      readonly tool: string;
      readonly subject: string;
      readonly ok: boolean;
      /** A few words for a timeline: `62 lines`, `+3 −1`, `exit 1`. */
      readonly summary: string;
      /** What the model was shown. */
      readonly output: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'conversation.compacted';
      readonly turn: number;
      readonly droppedMessages: number;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
    }
  | {
      readonly type: 'progress.noted';
      readonly turn: number;
      readonly progress: number;
      readonly done: string;
      readonly next: string;
    }
  | { readonly type: 'run.submitted'; readonly turn: number; readonly submission: Submission }
  | { readonly type: 'run.reported'; readonly turn: number; readonly report: RoleReport }
  | { readonly type: 'run.asked'; readonly turn: number; readonly questions: readonly string[] }
  | {
      readonly type: 'run.finished';
      readonly outcome: Outcome;
      readonly reason: string;
      readonly overLimit?: BudgetLimit;
      readonly spend: Spend;
      readonly modelCalls: number;
      readonly patch?: { readonly files: number; readonly treeSha: string };
    };

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'other';
