import { EntropyError } from '../../domain/error.ts';
import type { AwsAccess } from './aws-access.ts';
import { createQueryCall, stsService } from './query-protocol.ts';
import { textOf } from './xml.ts';

export interface CallerIdentity {
  /** Twelve digits. */
  readonly account: string;
  /** Of the user or role: `arn:aws:sts::123456789012:assumed-role/Admin/alice`. */
  readonly arn: string;
}

/** Whose credentials these are; needs no permission. Throws E741 for those that do not count. */
export async function callerIdentity(access: AwsAccess, signal?: AbortSignal): Promise<CallerIdentity> {
  const call = createQueryCall(access, stsService);
  const answer = await call('GetCallerIdentity', {}, { resource: 'these credentials', ...(signal && { signal }) });
  const account = textOf(answer, 'Account');
  const arn = textOf(answer, 'Arn');
  if (account !== undefined && arn !== undefined) return { account, arn };
  throw new EntropyError({
    code: 'E740',
    message: 'AWS did not say whose credentials these are',
    fix: 'check what AWS_ENDPOINT_URL and the region point to, then try again',
  });
}
