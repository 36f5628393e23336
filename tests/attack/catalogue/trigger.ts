import type { Attack } from './attack.ts';
import { outsiderApproves, outsiderComments } from './trigger/u1-outsider.ts';
import { keptByPolicy } from './trigger/u1-policy.ts';
import { botApproves, foreignBot } from './trigger/u2-foreign-bot.ts';
import { forgedRecords } from './trigger/u3-forged-record.ts';
import { checkOfOutsider, forgedStep, stepForNobody } from './trigger/u3-machine-asks.ts';
import { assuredByPayload, reRunByMaintainer } from './trigger/u3-spoofed-actor.ts';
import { commandOnPull, forkOfTheSameName, reviewOfFork, targetEvent } from './trigger/u4-foreign-head.ts';
import { changedIssues } from './trigger/u5-changed-issue.ts';
import { changedPlans } from './trigger/u5-changed-plan.ts';
import { forgedPlans } from './trigger/u5-forged-plan.ts';
import { answerOfAnother, laterWords } from './trigger/u5-later-words.ts';
import { movedHeads } from './trigger/u5-moved-head.ts';
import { pushedAfterLabel } from './trigger/u5-moved-pull.ts';
import { plansInWords } from './trigger/u5-plan-in-words.ts';
import { unaskedChanges } from './trigger/u5-unasked.ts';
import { hiddenCommands } from './trigger/u6-hidden-command.ts';

export const triggerAttacks: readonly Attack[] = [
  outsiderComments,
  outsiderApproves,
  answerOfAnother,
  ...keptByPolicy,
  foreignBot,
  botApproves,
  reRunByMaintainer,
  assuredByPayload,
  forgedStep,
  stepForNobody,
  checkOfOutsider,
  ...forgedRecords,
  targetEvent,
  commandOnPull,
  forkOfTheSameName,
  reviewOfFork,
  pushedAfterLabel,
  ...changedIssues,
  ...laterWords,
  ...changedPlans,
  ...forgedPlans,
  ...plansInWords,
  ...movedHeads,
  ...unaskedChanges,
  ...hiddenCommands,
];
