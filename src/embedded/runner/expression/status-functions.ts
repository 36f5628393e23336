import type { ExpressionFunction } from './evaluate.ts';

export type Status = 'success' | 'failure' | 'cancelled';

/**
 * `success()`, `failure()`, `cancelled()` and `always()` as a step sees them. Inside a composite action the first two
 * look at that action alone, while `cancelled()` always looks at the job (actions/runner, `SuccessFunction.cs`).
 */
export function stepStatusFunctions(
  own: () => Status,
  job: () => Status,
): Readonly<Record<string, ExpressionFunction>> {
  return {
    success: () => own() === 'success',
    failure: () => own() === 'failure',
    cancelled: () => job() === 'cancelled',
    always: () => true,
  };
}
