import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { Clone } from './deploy-world.ts';

const howToClone =
  'git clone https://github.com/entropy-playground/entropy-playground && cd entropy-playground && npm ci, then there: npx entropy-playground deploy (or name it: --clone PATH)';

export interface CloneQuestion {
  readonly root: string;
  readonly hostPath: string;
  readonly signal: AbortSignal;
}

/** Whether the stack can be made from this folder: the CDK app is there, and the CDK that runs it. */
export async function findClone({ root, hostPath, signal }: CloneQuestion): Promise<Clone> {
  const missing = async (path: string): Promise<boolean> =>
    access(join(root, path)).then(
      () => false,
      () => true,
    );
  if (await missing('cdk.json')) {
    return { kind: 'none', reason: `${root} is no clone: an installed package has no CDK app`, fix: howToClone };
  }
  if (await missing(cdkProgram)) {
    const reason = `the development tools are missing in ${root}`;
    return { kind: 'none', reason, fix: `npm ci in ${root}` };
  }
  return { kind: 'clone', root, commit: await commitOf(root, hostPath, signal) };
}

/** Started with our own Node: no shell, and the same on every system. */
export const cdkProgram = 'node_modules/aws-cdk/bin/cdk';

async function commitOf(root: string, hostPath: string, signal: AbortSignal): Promise<string> {
  const { gitLine } = await import('../../adapters/git/git-command.ts');
  const place = { gitDir: join(root, '.git'), path: hostPath };
  return gitLine({ args: ['rev-parse', 'HEAD'], place, signal, timeoutMs: 10_000 }).catch((error: unknown) => {
    signal.throwIfAborted();
    // An unpacked archive has no history; its version still tells what it is.
    if (error instanceof EntropyError) return 'unknown';
    throw error;
  });
}
