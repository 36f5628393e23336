import { actionsDefences } from './actions.ts';
import { changeSetDefences } from './change-sets.ts';
import type { Defence } from './defence.ts';
import { exfiltrationDefences } from './exfiltration.ts';
import { gitDefences } from './git.ts';
import { injectionDefences } from './injection.ts';
import { modelOutputDefences } from './model-output.ts';
import { outcomeDefences } from './outcome.ts';
import { policyDefences } from './policy.ts';
import { sandboxDefences } from './sandbox.ts';
import { supplyChainDefences } from './supply-chain.ts';
import { triggerDefences } from './trigger.ts';
import { unaskedDefences } from './unasked.ts';
import { walletDefences } from './wallet.ts';
import { webhookDefences } from './webhook.ts';

export const allDefences: readonly Defence[] = [
  ...triggerDefences,
  ...changeSetDefences,
  ...unaskedDefences,
  ...injectionDefences,
  ...sandboxDefences,
  ...policyDefences,
  ...exfiltrationDefences,
  ...gitDefences,
  ...actionsDefences,
  ...webhookDefences,
  ...supplyChainDefences,
  ...modelOutputDefences,
  ...outcomeDefences,
  ...walletDefences,
];
