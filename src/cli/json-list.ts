/**
 * A list as one JSON object: `{ "schema": 1, …facts, "<name>": [ … ] }`. Fields of `--json=a,b` are those of the entries.
 */
export function listJson(
  name: string,
  entries: readonly object[],
  { fields, facts = {} }: { readonly fields: string; readonly facts?: object },
): string {
  const wanted = fields === '*' ? [] : fields.split(',').map((field) => field.trim());
  const chosen = entries.map((entry) =>
    wanted.length === 0 ? entry : Object.fromEntries(Object.entries(entry).filter(([key]) => wanted.includes(key))),
  );
  return `${JSON.stringify({ schema: 1, ...facts, [name]: chosen })}\n`;
}
