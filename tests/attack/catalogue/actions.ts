import { commandInAnnotation, commandsInLog } from './actions/a1-workflow-commands.ts';
import { commandFiles, delimiterInValue, forgedOutputs } from './actions/a2-delimiters.ts';
import { workflowDeleted, workflowEdit } from './actions/a3-workflow-edit.ts';
import { cachePoisoning } from './actions/a4-cache-poisoning.ts';
import { bomb, linkInArchive, manyAndLarge, zipSlip } from './actions/a5-archives.ts';
import { expressionInCondition, expressionInValue } from './actions/a6-expressions.ts';
import { idToken } from './actions/a7-id-token.ts';
import { checkoutCredential } from './actions/a8-checkout-credential.ts';
import type { Attack } from './attack.ts';

export const actionsAttacks: readonly Attack[] = [
  commandsInLog,
  commandInAnnotation,
  forgedOutputs,
  delimiterInValue,
  commandFiles,
  workflowEdit,
  workflowDeleted,
  cachePoisoning,
  zipSlip,
  bomb,
  linkInArchive,
  manyAndLarge,
  expressionInValue,
  expressionInCondition,
  idToken,
  checkoutCredential,
];
