import type { Outcome } from './outcome.ts';
import type { SandboxRung } from './run-result.ts';

/** Tokens as a report shows them. */
export interface ReportedTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly total: number;
}

/**
 * What every way of running a task prints with `--json`. Nothing is left out: what does not exist is null or empty, so
 * that a script can rely on every key. Paths are absolute.
 */
export interface RunReport {
  readonly schema: 1;
  readonly outcome: Outcome;
  /** One or two sentences for a person. May quote untrusted text. */
  readonly reason: string;
  readonly runId: string;
  readonly model: string;
  readonly branch: string | null;
  readonly baseSha: string | null;
  readonly headSha: string | null;
  /** Paths, sorted. */
  readonly filesChanged: readonly string[];
  /** The unified diff on disk. */
  readonly patchPath: string | null;
  /** Requests to GitHub by endpoint: `POST /repos/{owner}/{repo}/git/trees` → 1. */
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly modelCalls: number;
  readonly turns: number;
  readonly tokens: ReportedTokens;
  readonly costUsd: number;
  readonly sandboxRung: SandboxRung | null;
  /** Milliseconds by phase, with `total`. */
  readonly durations: Readonly<Record<string, number>>;
  /** Path of the recorded `trajectory.jsonl`. */
  readonly trajectory: string | null;
}

/** Which model a run talks to; a command's `--model` option, parsed. */
export type ModelChoice =
  /** Without a name: the configured default. */
  | { readonly kind: 'anthropic'; readonly name?: string }
  /** Absolute path of a script (docs: "scripted model"). */
  | { readonly kind: 'scripted'; readonly file: string }
  /** Absolute path of a recorded trajectory. */
  | { readonly kind: 'replay'; readonly file: string };
