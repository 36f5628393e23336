import type { Attack } from './attack.ts';
import { fsmonitor } from './git/g1-fsmonitor.ts';
import { configuredFilter, filterFromEnvironment } from './git/g2-filter-clean.ts';
import { externalDiff } from './git/g3-external-diff.ts';
import { hooks } from './git/g4-hooks.ts';
import { plantedGits, signingProgram } from './git/g5-programs.ts';
import { nestedRepositories } from './git/g6-nested-repository.ts';
import { submodules } from './git/g7-submodules.ts';
import { modes } from './git/g8-modes.ts';
import { twoReadings } from './git/g9-two-readings.ts';
import { movedAway } from './git/g10-moved-away.ts';
import { otherSpellings } from './git/g11-other-spellings.ts';
import { branchNames } from './git/g12-branch-names.ts';

export const gitAttacks: readonly Attack[] = [
  fsmonitor,
  configuredFilter,
  filterFromEnvironment,
  externalDiff,
  ...hooks,
  signingProgram,
  ...plantedGits,
  ...nestedRepositories,
  ...submodules,
  ...modes,
  ...twoReadings,
  ...movedAway,
  ...otherSpellings,
  ...branchNames,
];
