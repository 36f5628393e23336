import { EntropyError } from '../../domain/error.ts';
import type { SandboxCommand } from '../../ports/sandbox.ts';
import { baseGrants, workspaceGrants } from './landlock-grants.ts';
import { pidOne } from './pid-one.ts';
import { groupTree } from './process-tree.ts';
import type { CommandLaunch, SandboxPass } from './sandbox-pass.ts';

/**
 * Of all commands only those of the file tools: without namespaces nothing would end what another command leaves behind,
 * nor hide the machine's processes from it.
 */
export function landlockLaunch(
  pass: Pick<SandboxPass, 'limits' | 'env' | 'disk' | 'base'>,
): (command: SandboxCommand) => CommandLaunch {
  const argumentsOf = pidOne(pass, { workspace: pass.disk, countsAllOfUser: true });
  return (command) => {
    if (command.files === undefined) throw runsNoCommands();
    const shown = [...workspaceGrants(pass.disk, command.files), ...baseGrants(pass.base)];
    const grants = shown.flatMap(({ what, path }) => [what, path]);
    return { args: [...grants, '--', ...argumentsOf(command)], tree: groupTree, errors: 'apart' };
  };
}

function runsNoCommands(): EntropyError {
  return new EntropyError({
    code: 'E406',
    message: 'the sandbox of this machine (landlock) reads and writes files and runs no commands',
    fix: 'install bubblewrap for one that does (`entropy-playground doctor` says how), or use `runs-on: ubuntu-24.04`',
  });
}
