import type { CliEnvironment } from '../runtime/cli-environment.ts';
import { usage } from './usage-error.ts';

export interface WallFlags<Flags> {
  /** Without the one that was understood here. */
  readonly flags: Flags;
  readonly walls: { readonly walls?: 'none' };
}

/**
 * `--sandbox none`: no rung, and no setting. It holds for the one run for which it was typed; a file, a variable or an
 * input that says so is refused like any other word that is no rung.
 */
export function withoutWalls<Flags extends { readonly sandbox?: string | undefined }>(
  given: Flags,
  { ci }: Pick<CliEnvironment, 'ci'>,
): WallFlags<Flags> {
  if (given.sandbox !== 'none') return { flags: given, walls: {} };
  if (ci) {
    throw usage(
      '--sandbox none is for a machine of your own, and this is a job (CI is set)',
      'leave it out; `entropy-playground doctor` says what a sandbox needs here',
    );
  }
  return { flags: { ...given, sandbox: undefined }, walls: { walls: 'none' } };
}
