import { realpathSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { EntropyError } from '../domain/error.ts';

/**
 * The agent may write every file of the workspace. What is run or trusted outside of the sandbox, by what it is for
 * people, must not be among them: an action that was checked out into the workspace would run, with key and token, what
 * the agent made of it. E101 names what is.
 */
export function refuseWithinReach(workspace: string, trusted: Readonly<Record<string, string>>): void {
  const root = real(workspace);
  for (const [what, path] of Object.entries(trusted)) {
    const place = real(path);
    if (place !== root && !place.startsWith(`${root}${sep}`)) continue;
    throw new EntropyError({
      code: 'E101',
      message: `${what} is at ${place}, inside of the workspace ${root}, where the agent may write`,
      fix: 'check the code out into a folder of its own (actions/checkout with `path: workspace`) and give the action the input workspace: workspace',
    });
  }
}

/** Of what is not there yet: the folder that it will be in, as far as it is there. */
function real(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : resolve(real(parent), whole.slice(parent.length).replace(/^\/+/, ''));
  }
}
