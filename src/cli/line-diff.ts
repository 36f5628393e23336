/** Lines of `after` against `before`, as `-`, `+` and two lines of context; for small files that people read. */
export function lineDiff(before: string, after: string): string[] {
  const a = linesOf(before);
  const b = linesOf(after);
  const common = longestCommon(a, b);
  const all: { readonly mark: ' ' | '-' | '+'; readonly text: string }[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      all.push({ mark: ' ', text: left });
      [i, j] = [i + 1, j + 1];
    } else if (left !== undefined && (right === undefined || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      all.push({ mark: '-', text: left });
      i += 1;
    } else if (right !== undefined) {
      all.push({ mark: '+', text: right });
      j += 1;
    }
  }
  const near = (at: number): boolean => all.slice(Math.max(0, at - 2), at + 3).some(({ mark }) => mark !== ' ');
  return all.flatMap(({ mark, text }, at) => {
    if (near(at)) return [`${mark} ${text}`];
    return near(at - 1) ? ['  …'] : [];
  });
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** `table[i][j]`: length of the longest common subsequence of `a` from i and `b` from j. */
function longestCommon(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const best =
        a[i] === b[j] ? (table[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(table[i + 1]?.[j] ?? 0, table[i]?.[j + 1] ?? 0);
      (table[i] ?? [])[j] = best;
    }
  }
  return table;
}
