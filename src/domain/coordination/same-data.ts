/** Whether two records say the same; the order of their members does not matter, that of lists does. */
export function sameData(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    const record = typeof member === 'object' && member !== null && !Array.isArray(member);
    return record ? Object.fromEntries(Object.entries(member).sort(([x], [y]) => (x < y ? -1 : 1))) : member;
  });
}
