/** One text for each value: members in the order of their names, nothing between them. Lists keep their order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    const record = typeof member === 'object' && member !== null && !Array.isArray(member);
    return record ? Object.fromEntries(Object.entries(member).sort(([x], [y]) => (x < y ? -1 : 1))) : member;
  });
}
