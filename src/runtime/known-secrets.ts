/** By value: two inputs may have one name in two steps of a job's life, and each stays a secret. */
const taken = new Map<string, string>();

/** Remembers a secret that this process took or was given, so that it is looked for in all that leaves. */
export function rememberSecret(name: string, value: string): void {
  if (value.trim() !== '') taken.set(value, name);
}

/** What was remembered, by the names that findings tell; a second value of a name gets a number. */
export function rememberedSecrets(): Readonly<Record<string, string>> {
  const named: Record<string, string> = {};
  for (const [value, name] of taken) {
    let unique = name;
    for (let count = 2; unique in named; count += 1) unique = `${name} ${count}`;
    named[unique] = value;
  }
  return named;
}
