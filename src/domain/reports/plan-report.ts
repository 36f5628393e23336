export interface PlanStep {
  readonly title: string;
  readonly detail: string;
  /** Files that it will touch, as far as known. */
  readonly paths: readonly string[];
}

/** What a plan hands over: what will be done, before anything is done. Untrusted text. */
export interface PlanReport {
  readonly kind: 'plan';
  readonly summary: string;
  readonly steps: readonly PlanStep[];
  /** How it will be proven. */
  readonly tests: readonly string[];
  /** What can go wrong, and what is left out on purpose. */
  readonly risks: readonly string[];
}
