/** `counted(1, 'file')` → `1 file`, `counted(2, 'match', 'matches')` → `2 matches`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
