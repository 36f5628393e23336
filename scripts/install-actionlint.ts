/** Puts actionlint, which reads workflows as a compiler does, into .cache/bin: `node scripts/install-actionlint.ts`. Prints the path. */
import { findGoTool, type GoTool, goToolHint, installGoTool } from './go-tool.ts';

const version = '1.7.12';

const actionlint: GoTool = {
  name: 'actionlint',
  version,
  module: 'github.com/rhysd/actionlint/cmd/actionlint',
  versionFlag: '-version',
  isOurs: (told) => told.split('\n', 1)[0]?.replace(/^v/, '') === version,
  script: 'install-actionlint.ts',
};

export const actionlintHint = goToolHint(actionlint);

export function findActionlint(): string | undefined {
  return findGoTool(actionlint);
}

if (import.meta.main) installGoTool(actionlint);
