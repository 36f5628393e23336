import type { ClaimRecord } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import { type OpenRun, openRunOfClaim } from '../domain/open-run.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Forge } from '../ports/forge.ts';
import { conversationOf } from './claims-of-conversation.ts';

interface RequestQuery {
  /** The issue or pull request where it was asked. */
  readonly number: number;
  readonly branchPrefix: string;
  /** Of a held claim: whether the request took it. */
  readonly isIts: (claim: ClaimRecord) => boolean;
}

/** The run of a request that ended before it could say what it had claimed: of all claims that it may have taken, its own. */
export async function openRunOfRequest(
  { forge, claims }: { readonly forge: Forge; readonly claims: Pick<ClaimStore, 'read'> },
  { number, branchPrefix, isIts }: RequestQuery,
): Promise<OpenRun | undefined> {
  const { isPullRequest } = await forge.issue(number);
  const { keys } = await conversationOf(forge, { number, isPullRequest, branchPrefix });
  for (const key of keys) {
    const claim = await claims.read(key);
    if (claim?.state !== 'held' || !isIts(claim)) continue;
    return openRunOfClaim(claim, claimPlace(key)?.number ?? number);
  }
  return undefined;
}
