import { describeError, EntropyError } from '../domain/error.ts';
import { fileChecks } from './doctor-files.ts';
import { githubChecks } from './doctor-github.ts';
import { machineChecks } from './doctor-machine.ts';
import type { Check, DoctorWorld, Finding } from './doctor-world.ts';

export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
}

/** Everything that a first run can fail on, in the order in which a person would mend it. */
export const checks: readonly Check[] = [...machineChecks, ...fileChecks, ...githubChecks];

/** Looks at one thing after another. A check that cannot be made is a finding too; none ends the examination. */
export async function* examine(world: DoctorWorld, signal: AbortSignal): AsyncGenerator<CheckResult> {
  for (const { id, title, look } of checks) {
    signal.throwIfAborted();
    yield { id, title, ...(await lookSafely(look, world, signal)) };
  }
}

async function lookSafely(look: Check['look'], world: DoctorWorld, signal: AbortSignal): Promise<Finding> {
  try {
    return await look(world, signal);
  } catch (error) {
    signal.throwIfAborted();
    const fix = error instanceof EntropyError ? error.fix : 'run it again; if it stays so, report it';
    return { status: 'fail', detail: describeError(error), fix };
  }
}
