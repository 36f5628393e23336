import { refusalName } from './aws-fault.ts';
import type { SignedCall } from './signed-call.ts';

/** Where `cdk bootstrap` leaves its version when nobody chose another qualifier. */
const parameter = '/cdk-bootstrap/hnb659fds/version';

/** Version of the CDK's bootstrap in this account and region; undefined: there is none. `call` speaks to SSM. */
export async function bootstrapVersion(call: SignedCall, signal?: AbortSignal): Promise<number | undefined> {
  const options = { resource: parameter, ...(signal && { signal }) };
  const answer = await call('GetParameter', { Name: parameter }, options).catch((error: unknown) => {
    if (refusalName(error) !== 'ParameterNotFound') throw error;
    return undefined;
  });
  const found = answer?.['Parameter'];
  const value = typeof found === 'object' && found !== null && 'Value' in found ? Number(found.Value) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
