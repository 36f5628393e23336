/** Puts act, a runner that we did not write, into .cache/bin unless it is there or on PATH: `node scripts/install-act.ts`. Prints the path. */
import { findGoTool, type GoTool, goToolHint, installGoTool } from './go-tool.ts';

export const actVersion = '0.2.89';

const act: GoTool = {
  name: 'act',
  version: actVersion,
  module: 'github.com/nektos/act',
  versionFlag: '--version',
  isOurs: (told) => told.endsWith(` ${actVersion}`),
  script: 'install-act.ts',
};

export const installHint = goToolHint(act);

/** The program, when its version is ours; another one may run workflows differently. */
export function findAct(): string | undefined {
  return findGoTool(act);
}

if (import.meta.main) installGoTool(act);
