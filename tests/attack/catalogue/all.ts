import { actionsAttacks } from './actions.ts';
import type { Attack } from './attack.ts';
import { exfiltrationAttacks } from './exfiltration.ts';
import { gitAttacks } from './git.ts';
import { injectionAttacks } from './injection.ts';
import { modelOutputAttacks } from './model-output.ts';
import { sandboxAttacks } from './sandbox.ts';
import { supplyChainAttacks } from './supply-chain.ts';
import { foreignInstallation, forgedSet, revokedSet } from './trigger/u3-change-sets.ts';
import { triggerAttacks } from './trigger.ts';
import { walletAttacks } from './wallet.ts';
import { webhookAttacks } from './webhook.ts';

export const allAttacks: readonly Attack[] = [
  ...triggerAttacks,
  foreignInstallation,
  forgedSet,
  revokedSet,
  ...injectionAttacks,
  ...sandboxAttacks,
  ...exfiltrationAttacks,
  ...gitAttacks,
  ...actionsAttacks,
  ...webhookAttacks,
  ...supplyChainAttacks,
  ...modelOutputAttacks,
  ...walletAttacks,
];
