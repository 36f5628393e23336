import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { Json } from '../json.ts';

/** A part of a file that may hold expressions, kept until its contexts are known. */
export type Deferred = TemplateToken;

/** `on:` with every event as a key; the value is what stands below it (null for nothing). */
export type Triggers = Readonly<Record<string, Json>>;

export type PermissionsText = 'read-all' | 'write-all' | Readonly<Record<string, string>>;

export interface RunDefaults {
  readonly shell?: Deferred;
  readonly workingDirectory?: Deferred;
}

export interface CallInput {
  readonly type: 'string' | 'boolean' | 'number' | 'choice' | 'environment';
  readonly required: boolean;
  readonly default?: Deferred;
}

/** What a reusable workflow takes and gives (`on.workflow_call`), or a dispatched one takes. */
export interface CallInterface {
  readonly inputs: Readonly<Record<string, CallInput>>;
  readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: Readonly<Record<string, Deferred>>;
}

export interface WorkflowDefinition {
  readonly path: string;
  readonly name: string;
  readonly triggers: Triggers;
  readonly call?: CallInterface;
  readonly dispatch?: CallInterface;
  readonly env?: Deferred;
  readonly permissions?: PermissionsText;
  readonly defaults: RunDefaults;
  readonly concurrency?: Deferred;
  readonly jobs: readonly JobDefinition[];
}

export interface JobDefinition {
  readonly id: string;
  readonly name?: Deferred;
  readonly needs: readonly string[];
  /** An expression that always holds a status function: `success() && (…)` when the author wrote none. */
  readonly condition: string;
  readonly permissions?: PermissionsText;
  readonly strategy?: Deferred;
  readonly concurrency?: Deferred;
  readonly work: JobWork;
  /** Keys that this runner reads and leaves alone, by name. */
  readonly ignored: readonly string[];
}

export type JobWork =
  | {
      readonly kind: 'steps';
      readonly env?: Deferred;
      readonly defaults: RunDefaults;
      readonly outputs?: Deferred;
      readonly timeoutMinutes?: Deferred;
      readonly continueOnError?: Deferred;
      readonly steps: readonly StepDefinition[];
    }
  | {
      readonly kind: 'call';
      readonly uses: string;
      readonly inputs?: Deferred;
      readonly secrets?: 'inherit' | Deferred;
    };

export interface StepDefinition {
  /** The author's id, or one made the way GitHub does (`__run_2`). */
  readonly id: string;
  readonly name?: Deferred;
  readonly condition: string;
  readonly env?: Deferred;
  readonly continueOnError?: Deferred;
  readonly timeoutMinutes?: Deferred;
  readonly work: StepWork;
}

export type StepWork =
  | {
      readonly kind: 'run';
      readonly script: Deferred;
      readonly shell?: Deferred;
      readonly workingDirectory?: Deferred;
    }
  | { readonly kind: 'uses'; readonly uses: string; readonly inputs?: Deferred };

export const noCallInterface: CallInterface = { inputs: {}, secrets: {}, outputs: {} };
