import { type ClaimKey, issueClaimKey, pullClaimKey } from '../domain/claim.ts';
import { openWord, registriesWord } from '../domain/network-choice.ts';
import { applyRole, type RoleLimits } from '../domain/roles/apply-role.ts';
import { type TaskNetwork, taskNetwork } from '../domain/sandbox-network.ts';
import { patchPolicyOf, toolPolicyOf } from '../domain/settings.ts';
import type { Gate, ReadyWork } from './gate.ts';

/** Looks at a pull request go beside the work on its issue, one of each kind. */
export function claimKeyOfWork({ forge }: Gate, { work, pull, issue }: ReadyWork): ClaimKey {
  const { owner, name } = forge.repository;
  const isLook = work === 'review' || work === 'verification';
  return isLook && pull !== undefined
    ? pullClaimKey(owner, name, pull.number, work)
    : issueClaimKey(owner, name, issue.number);
}

/** What the settings give, as far as the role takes it. */
export function limitsOf({ request: { settings }, budget, role }: ReadyWork): RoleLimits {
  const tools = toolPolicyOf(settings);
  return applyRole({ budget, patchPolicy: patchPolicyOf(settings), ...(tools && { tools }) }, role);
}

/** What a stranger's fork brings to be set up reaches package registries at most, whatever `network.setup` opens for others. */
export function networkOf({ request: { settings }, pull }: ReadyWork): TaskNetwork {
  const closed = pull?.fromFork === true && settings.setupNetwork.includes(openWord);
  return taskNetwork(closed ? { ...settings, setupNetwork: [registriesWord] } : settings);
}
