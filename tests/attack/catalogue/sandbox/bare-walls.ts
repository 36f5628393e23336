import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { defaultSandboxLimits } from '../../../../src/ports/sandbox.ts';
import { realRepository } from '../../../fakes/real-repository.ts';

export interface BareWalls {
  readonly env?: Readonly<Record<string, string>>;
  /** A filter of system calls in the place of the usual one. */
  readonly filter?: Uint8Array;
}

/** A program behind the walls of bubblewrap and nothing else of ours, so that one layer of them can be tried alone. */
export async function throughTheWalls(argv: readonly string[], { env = {}, filter }: BareWalls = {}): Promise<string> {
  using repository = realRepository({ 'a.txt': 'a\n' });
  await using sandbox = await bubblewrapSandbox().open({
    workspace: repository.root,
    network: { kind: 'none' },
    limits: defaultSandboxLimits,
    env: {},
    hostPath: '/usr/bin:/bin',
  });
  const { walls, file3 = '/dev/null' } = sandbox.pass;
  const own = path.join(repository.temp, 'filter');
  if (filter !== undefined) writeFileSync(own, filter);
  const descriptor = openSync(filter === undefined ? file3 : own, 'r');
  try {
    const child = spawn(walls.program, [...walls.args, ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', descriptor],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    await once(child, 'close');
    return said;
  } finally {
    closeSync(descriptor);
  }
}
