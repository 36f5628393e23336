import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../adapters/filesystem/remove-folder.ts';
import { script } from '../../agent/sandbox-command.ts';
import { EntropyError } from '../../domain/error.ts';
import { ownEgressCommand } from '../own-worker.ts';
import { openProofSandbox } from '../sandboxes.ts';
import type { IssueFolder } from './issue-folder.ts';
import type { Toolchains } from './toolchains.ts';

const look = 'for folder in "$@"; do if [ -e "$folder" ]; then printf "%s\\n" "$folder"; fi; done';

/**
 * Looks from inside a sandbox, opened as those of the agents are, whether it sees any of the issues: with their folder in
 * a toolchain (below `node_modules`, say) the agents could read the hidden tests. E401 when it does.
 */
export async function checkHidden(request: {
  readonly issues: readonly IssueFolder[];
  readonly toolchains: Toolchains;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { issues, toolchains, signal } = request;
  const workspace = await mkdtemp(path.join(tmpdir(), 'entropy-look-'));
  await using own = new AsyncDisposableStack();
  own.defer(() => removeFolder(workspace));
  const task = { env: toolchains.env };
  const place = {
    workspace,
    hostPath: toolchains.path,
    home: path.join(workspace, 'home'),
    egress: ownEgressCommand(),
  };
  const sandbox = own.use(await openProofSandbox({ task, ...place }, signal));
  const argv = script(look, ...issues.map(({ folder }) => folder));
  const seen = await sandbox.run({ argv, timeoutMs: 20_000, maxOutputBytes: 4_096 }, signal);
  const shown = new TextDecoder().decode(seen.stdout.head).trim();
  if (seen.exitCode === 0 && shown === '') return;
  throw new EntropyError({
    code: 'E401',
    message: `the agents could read the hidden tests: the sandbox shows ${shown.split('\n')[0] || 'something'}`,
    fix: 'move the issues out of folders with programs (node_modules, a folder of PATH): --issues DIR',
  });
}
