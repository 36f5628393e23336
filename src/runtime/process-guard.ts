import { createSecretGuard, type SecretGuard } from '../domain/secret-guard.ts';
import { knownSecrets } from './config.ts';

let latest: { readonly values: readonly string[]; readonly guard: SecretGuard } | undefined;

/** Guards what this process knows by now; made anew only after it has learnt something. */
export function processGuard(): SecretGuard {
  const known = knownSecrets();
  const values = Object.values(known);
  const same = latest?.values.length === values.length && latest.values.every((value, at) => value === values[at]);
  if (latest === undefined || !same) latest = { values, guard: createSecretGuard(known) };
  return latest.guard;
}
