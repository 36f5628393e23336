import { type ClaimKey, issueClaimKey, pullClaimKey } from '../../domain/claim.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { Forge } from '../../ports/forge.ts';

/** The claim of the stage's run. Looking at a pull request has one of its own. */
export function claimKeyOf(
  { forge }: { readonly forge: Pick<Forge, 'repository'> },
  { stage, issue, pullRequest }: Pick<TeamRecord, 'stage' | 'issue' | 'pullRequest'>,
): ClaimKey {
  const { owner, name } = forge.repository;
  if (pullRequest !== undefined && stage === 'review') return pullClaimKey(owner, name, pullRequest, 'review');
  if (pullRequest !== undefined && stage === 'test') return pullClaimKey(owner, name, pullRequest, 'verification');
  return issueClaimKey(owner, name, issue);
}
