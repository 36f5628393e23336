import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { repositoryConfigPath } from '../../runtime/repository-config.ts';
import type { CliIo } from '../cli-io.ts';

export interface PolicyFile {
  /** As messages name it. */
  readonly name: string;
  /** Undefined when the repository has none; a file that was named has to be there. */
  readonly content: Uint8Array | undefined;
}

/** The policy of a repository as it lies in its working copy, or a file that was named. */
export async function policyFile(
  named: string | undefined,
  { repo }: { readonly repo?: string },
  io: CliIo,
): Promise<PolicyFile> {
  if (named !== undefined) return { name: named, content: await read(path.resolve(io.cwd, named)) };
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const { hostPath, githubServerUrl } = io.environment;
  const start = path.resolve(io.cwd, repo ?? '.');
  const { root } = await detectRepository({ start, hostPath, githubServerUrl, signal: io.signal });
  const content = await read(path.join(root, repositoryConfigPath)).catch((error: unknown) => {
    if (error instanceof EntropyError && isAbsent(error.cause)) return undefined;
    throw error;
  });
  return { name: repositoryConfigPath, content };
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const fix = 'name a policy file, or leave it out for .github/entropy.yml of the repository';
    throw new EntropyError({ code: 'E102', message: `cannot read ${file}`, fix, cause });
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}
