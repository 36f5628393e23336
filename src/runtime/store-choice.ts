import { join, resolve } from 'node:path';
import { readCoordinatorUrl } from '../domain/coordinator-url.ts';
import { EntropyError } from '../domain/error.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { CliEnvironment } from './cli-environment.ts';

/** As given on the command line. */
export interface StoreFlags {
  readonly coordinator?: string;
  readonly state?: string;
  readonly github?: string;
}

export type StoreChoice =
  | { readonly kind: 'coordinator'; readonly url: string }
  | { readonly kind: 'local'; readonly file: string }
  | { readonly kind: 'github'; readonly repository: RepositoryRef };

export interface ChoiceContext {
  readonly environment: Pick<CliEnvironment, 'coordination' | 'stateDir'>;
  readonly cwd: string;
}

/** Where the local store is when nobody says more. */
export function defaultStateFile(stateDir: string): string {
  return join(stateDir, 'coordination.sqlite');
}

/** Options before variables, the local store when neither says anything. E100 when two options contradict each other. */
export function chooseStore(flags: StoreFlags, { environment, cwd }: ChoiceContext): StoreChoice {
  const given = (['coordinator', 'state', 'github'] as const).filter((name) => flags[name] !== undefined);
  if (given.length > 1) {
    throw usage(`${given.map((name) => `--${name}`).join(' and ')} exclude each other`, 'name one store');
  }
  if (flags.coordinator !== undefined) {
    const read = readCoordinatorUrl(flags.coordinator);
    if (read.kind === 'problem') throw usage(`--coordinator ${read.problem}`, 'write --coordinator https://HOST');
    return { kind: 'coordinator', url: read.url };
  }
  if (flags.github !== undefined) {
    const repository = parseFullName(flags.github);
    if (repository === undefined) throw usage(`--github ${flags.github} is not owner/repo`, 'write it as on GitHub');
    return { kind: 'github', repository };
  }
  if (flags.state !== undefined) return { kind: 'local', file: resolve(cwd, flags.state) };
  const { url, stateFile } = environment.coordination;
  if (url !== undefined) return { kind: 'coordinator', url };
  return {
    kind: 'local',
    file: stateFile === undefined ? defaultStateFile(environment.stateDir) : resolve(cwd, stateFile),
  };
}

function usage(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E100', message, fix });
}
