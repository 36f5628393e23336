export type KeyValueResult =
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'invalid';
      readonly pairs: readonly (readonly [name: string, value: string])[];
      readonly reason: string;
    };

/**
 * The format of the files behind GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE: `name=value`, or `name<<DELIMITER`, lines,
 * `DELIMITER`. Pairs before a fault count, as on GitHub, but the step fails. A carriage return is part of the value.
 */
export function parseKeyValueFile(text: string): KeyValueResult {
  const lines = splitLines(text);
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.text ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const arrows = line.indexOf('<<');
    const isPlain = equals >= 0 && (arrows < 0 || equals < arrows);
    if (isPlain) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
      continue;
    }
    if (arrows < 0) return { kind: 'invalid', pairs, reason: `Invalid format '${line}'` };
    const block = readBlock(lines, index, arrows);
    if (block.kind === 'invalid') return { ...block, pairs };
    pairs.push([block.name, block.value]);
    index = block.endIndex;
  }
  return { kind: 'pairs', pairs };
}

interface Line {
  readonly text: string;
  /** False only for a last line without newline. */
  readonly ended: boolean;
}

function splitLines(text: string): readonly Line[] {
  const parts = text.split('\n');
  const last = parts.pop() ?? '';
  const lines = parts.map((part) => ({ text: part, ended: true }));
  return last === '' ? lines : [...lines, { text: last, ended: false }];
}

type Block =
  | { readonly kind: 'block'; readonly name: string; readonly value: string; readonly endIndex: number }
  | { readonly kind: 'invalid'; readonly reason: string };

function readBlock(lines: readonly Line[], start: number, arrows: number): Block {
  const line = lines[start]?.text ?? '';
  const name = line.slice(0, arrows);
  const delimiter = line.slice(arrows + 2);
  if (name === '' || delimiter === '') {
    const reason = `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`;
    return { kind: 'invalid', reason };
  }
  const value: string[] = [];
  for (let index = start + 1; index < lines.length; index += 1) {
    const current = lines[index];
    if (current?.text === delimiter) return { kind: 'block', name, value: value.join('\n'), endIndex: index };
    if (current?.ended === false) return { kind: 'invalid', reason: 'Invalid value. EOF marker missing new line.' };
    value.push(current?.text ?? '');
  }
  return { kind: 'invalid', reason: `Invalid value. Matching delimiter not found '${delimiter}'` };
}
