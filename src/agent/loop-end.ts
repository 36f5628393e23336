import type { BudgetLimit } from '../domain/budget.ts';
import type { RoleReport } from '../domain/reports/role-report.ts';
import type { Submission } from '../domain/run-result.ts';

/** Why the loop stopped. Reasons are for people. */
export type LoopEnd =
  | { readonly kind: 'submitted'; readonly submission: Submission }
  | { readonly kind: 'reported'; readonly report: RoleReport }
  | { readonly kind: 'asked'; readonly questions: readonly string[] }
  | { readonly kind: 'over-budget'; readonly limit: BudgetLimit; readonly reason?: string }
  | { readonly kind: 'cancelled'; readonly reason: string }
  /** The model went in circles, said nothing usable or declined; the reason says what "it" did. */
  | { readonly kind: 'gave-up'; readonly reason: string }
  /** What it submitted kept failing the tests. */
  | { readonly kind: 'unproven'; readonly reason: string }
  /** The model itself failed; `retryable` tells whether the very same run may go well later. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryable: boolean };
