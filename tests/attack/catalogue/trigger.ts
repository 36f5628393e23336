import type { Attack } from './attack.ts';
import { outsiderApproves, outsiderComments } from './trigger/u1-outsider.ts';
import { keptByPolicy } from './trigger/u1-policy.ts';
import { botApproves, foreignBot } from './trigger/u2-foreign-bot.ts';
import { assuredByPayload, reRunByMaintainer } from './trigger/u3-spoofed-actor.ts';
import { commandOnPull, forkOfTheSameName, targetEvent } from './trigger/u4-foreign-head.ts';
import { changedIssues } from './trigger/u5-changed-issue.ts';
import { changedPlans } from './trigger/u5-changed-plan.ts';
import { forgedPlans } from './trigger/u5-forged-plan.ts';
import { movedHeads } from './trigger/u5-moved-head.ts';
import { unaskedChanges } from './trigger/u5-unasked.ts';
import { hiddenCommands } from './trigger/u6-hidden-command.ts';

export const triggerAttacks: readonly Attack[] = [
  outsiderComments,
  outsiderApproves,
  ...keptByPolicy,
  foreignBot,
  botApproves,
  reRunByMaintainer,
  assuredByPayload,
  targetEvent,
  commandOnPull,
  forkOfTheSameName,
  ...changedIssues,
  ...changedPlans,
  ...forgedPlans,
  ...movedHeads,
  ...unaskedChanges,
  ...hiddenCommands,
];
