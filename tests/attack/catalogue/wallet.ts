import type { Attack } from './attack.ts';
import { answersToItself } from './model-output/m5-itself.ts';
import { endlessAnswers } from './trigger/u5-later-words.ts';
import { endlessChecks } from './wallet/d1-endless-checks.ts';
import { endlessTeams } from './wallet/d1-endless-team.ts';
import { hungryWorker } from './wallet/d1-hungry-worker.ts';
import { endlessWork, sameAgain, sameError } from './wallet/d1-loops.ts';
import { oneBotAnother } from './wallet/d2-bots.ts';
import { manyComments, manyNoAnswers, manyRefusals } from './wallet/d3-comments.ts';
import { endlessOutput, forkBomb, fullDisk, hangingCommand } from './wallet/d4-resources.ts';
import { commentFlood } from './wallet/d5-flood.ts';
import { dearerModel, modelOfThePerson } from './wallet/d6-model-swap.ts';

export const walletAttacks: readonly Attack[] = [
  sameAgain,
  sameError,
  endlessWork,
  endlessAnswers,
  endlessChecks,
  ...endlessTeams,
  hungryWorker,
  oneBotAnother,
  answersToItself,
  manyComments,
  manyNoAnswers,
  manyRefusals,
  endlessOutput,
  hangingCommand,
  forkBomb,
  fullDisk,
  commentFlood,
  dearerModel,
  modelOfThePerson,
];
