import { describeError, EntropyError } from '../domain/error.ts';
import { baseHomeOf, runsOnBase } from './base-home.ts';
import { type SetUpOptions, setUp } from './set-up.ts';

/**
 * Prepares the base with the set-up command, apart from the head. A base that cannot be prepared any more is no reason not to look
 * at the change: what runs there then says so.
 */
export async function setUpBase(
  { base, home, ...options }: Omit<SetUpOptions, 'workspace'> & { readonly base: string },
  signal: AbortSignal,
): Promise<void> {
  if (!runsOnBase(options.task)) return;
  try {
    await setUp({ ...options, workspace: base, home: baseHomeOf(home) }, signal);
  } catch (error) {
    const failed = error instanceof EntropyError && error.code === 'E404';
    if (!failed) throw error;
    options.log(new TextEncoder().encode(`set-up of the base failed: ${describeError(error)}\n`));
  }
}
