import type { RequestCause } from '../../domain/request-cause.ts';
import type { CheckInfo, ForgeChecks } from '../../ports/forge-checks.ts';
import { sortChecks } from './sort-checks.ts';

/**
 * Why no coder is sent for the end of a check, as far as the checks alone tell: others of the commit are still at work, and one
 * run is to hear of all that fail. Undefined: it is time. Whoever tells of whole workflows may not tell of the others' end, so for
 * those nobody waits; nor for what may never end, such as a status that some service left open.
 */
export async function tooEarly(
  checks: Pick<ForgeChecks, 'of' | 'jobSteps'>,
  { sha, told }: Extract<RequestCause, { readonly kind: 'checks' }>,
): Promise<string | undefined> {
  const { failed, unfinished } = await sortChecks(checks, sha);
  const atWork = told === 'each' ? unfinished.filter(isJob) : [];
  if (atWork.length > 0) return 'not all checks have ended';
  return failed.length === 0 ? 'no check that counts has failed' : undefined;
}

/** GitHub ends each of them some day, and tells. */
function isJob({ jobId }: CheckInfo): boolean {
  return jobId !== undefined;
}
