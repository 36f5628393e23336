import type { Attack } from './attack.ts';
import { deniedTools } from './model-output/m1-denied-tools.ts';
import { extraFields, inventedTools } from './model-output/m1-tools.ts';
import { shellInFileNames } from './model-output/m2-file-names.ts';
import { foreignHandOvers } from './model-output/m3-other-issue.ts';
import { mentionSpam } from './model-output/m4-mentions.ts';
import { reportSpam } from './model-output/m4-reports.ts';
import { hiddenButtons } from './model-output/m4-suggestions.ts';
import { ownCommands } from './model-output/m5-itself.ts';
import { labelRights } from './model-output/m5-labels.ts';
import { fewerTests, untoldTests } from './model-output/m6-fewer-tests.ts';
import { bentByThePull } from './model-output/m7-bent-tests.ts';
import { deadCoderDone } from './model-output/m7-dead-coder.ts';
import { earlierRun } from './model-output/m7-earlier-run.ts';
import { readyTooEarly } from './model-output/m7-early-ready.ts';
import { forgedVerdict } from './model-output/m7-forged-verdict.ts';
import { closedByTheAuthor, liftedForOthers } from './model-output/m7-lifted-demands.ts';
import { mergedAsAnotherHead, mergedBeforeTheReview, mergedUntested } from './model-output/m7-merged-later.ts';
import { mergedUnproven } from './model-output/m7-merged-unproven.ts';
import { toldVerdict } from './model-output/m7-told-verdict.ts';

export const modelOutputAttacks: readonly Attack[] = [
  inventedTools,
  extraFields,
  deniedTools,
  shellInFileNames,
  ...foreignHandOvers,
  mentionSpam,
  ...reportSpam,
  ...ownCommands,
  hiddenButtons,
  ...labelRights,
  fewerTests,
  untoldTests,
  forgedVerdict,
  earlierRun,
  mergedUnproven,
  bentByThePull,
  deadCoderDone,
  readyTooEarly,
  liftedForOthers,
  closedByTheAuthor,
  mergedAsAnotherHead,
  mergedBeforeTheReview,
  mergedUntested,
  toldVerdict,
];
