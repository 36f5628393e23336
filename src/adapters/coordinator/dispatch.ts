import type { TokenPurpose } from '../../domain/dispatch/run-token.ts';
import { mintRunToken, pickUpRun } from '../../wire/endpoints/dispatch.ts';
import type { CallResult, CoordinatorApi } from './coordinator-api.ts';

/** What a dispatched workflow run asks its coordinator for. Which workflow run it is, its job's token says. */
export interface CoordinatorDispatch {
  pickUp(runId: string): Promise<CallResult<typeof pickUpRun>>;
  token(runId: string, purpose: TokenPurpose): Promise<CallResult<typeof mintRunToken>>;
}

export function createCoordinatorDispatch(api: CoordinatorApi): CoordinatorDispatch {
  return {
    pickUp: (id) => api.call(pickUpRun, { params: { id } }),
    token: (id, purpose) => api.call(mintRunToken, { params: { id }, body: { purpose } }),
  };
}
