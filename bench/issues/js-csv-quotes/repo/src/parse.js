/** Text to records. */
export function parse(text) {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map(parseLine);
}

function parseLine(line) {
  const cells = [];
  let rest = line;
  for (;;) {
    const quoted = /^"(.*?)"(?:,|$)/.exec(rest);
    const plain = /^([^,]*)(?:,|$)/.exec(rest);
    const [all, cell] = quoted ?? plain;
    cells.push(cell);
    if (all.length === rest.length && !all.endsWith(',')) return cells;
    rest = rest.slice(all.length);
  }
}
