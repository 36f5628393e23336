/** Records with a first one of names, as objects. Missing cells are empty. */
export function toObjects([names = [], ...records]) {
  return records.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
}
