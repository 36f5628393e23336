import type { Attack } from './attack.ts';
import { packageScript } from './supply-chain/c1-package-script.ts';
import { redirectedByAgent, redirectedByHead, settingsOfManagers } from './supply-chain/c2-redirected-registry.ts';
import { movedTag, movedWhileRunning } from './supply-chain/c3-moved-tag.ts';
import { lockHosts } from './supply-chain/c4-lock-hosts.ts';
import { otherBundles } from './supply-chain/c5-other-bundle.ts';

export const supplyChainAttacks: readonly Attack[] = [
  packageScript,
  settingsOfManagers,
  redirectedByAgent,
  redirectedByHead,
  movedTag,
  movedWhileRunning,
  ...lockHosts,
  ...otherBundles,
];
