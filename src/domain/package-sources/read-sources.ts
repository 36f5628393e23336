import { decodeEscapes } from '../decode-escapes.ts';
import { isObject } from '../json-shape.ts';
import type { SourceFileKind } from './source-files.ts';
import { type Reading, repositoryShorthand, sourcesIn, type WrittenSource } from './written-source.ts';

/** What a field of npm's files holds; of all others nobody takes a package. */
type Holds = 'nothing' | 'an-address' | 'one-by-package' | 'some-by-package';
const fields: Readonly<Record<string, Holds>> = {
  resolved: 'an-address',
  version: 'an-address',
  from: 'an-address',
  tarball: 'an-address',
  registry: 'an-address',
  dependencies: 'one-by-package',
  devDependencies: 'one-by-package',
  optionalDependencies: 'one-by-package',
  peerDependencies: 'one-by-package',
  requires: 'one-by-package',
  overrides: 'some-by-package',
  resolutions: 'some-by-package',
};

/** Where a file says that packages come from. Linear in its length, whatever is in it. */
export function readSources(kind: SourceFileKind, text: string): readonly WrittenSource[] {
  switch (kind) {
    case 'npm-json':
      return fromJson(text);
    case 'go-module':
      return fromReplacements(text);
    case 'prose':
      return bothReadings(text, { isSentence });
    case 'lines':
      return bothReadings(text, { byLine: true });
    case 'text':
      return bothReadings(text);
    default:
      return kind satisfies never;
  }
}

/** As it stands, and as a parser of TOML, YAML or JSON reads it: escapes hide a name from one of the two. */
function bothReadings(text: string, how: Reading = {}): readonly WrittenSource[] {
  const read = decodeEscapes(text.replace(/\\\r?\n[ \t]*/g, '').replace(/\\\//g, '/'));
  return read === text ? sourcesIn(text, how) : [...sourcesIn(text, how), ...sourcesIn(read, how)];
}

/** Words and nothing else stand before it in its value: such a value is no address. */
function isSentence(before: string): boolean {
  const value = before.slice(before.lastIndexOf(': ') + 1);
  return /^ ["']?[A-Za-z][\w ,.;:/()’!-]* $/.test(value);
}

function fromJson(text: string): readonly WrittenSource[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    // No JSON to us; whatever else reads it, addresses in it count.
    return bothReadings(text);
  }
  const found: WrittenSource[] = [];
  // Without recursion: how deep it goes is the author's choice.
  const open: (readonly [value: unknown, holds: Holds])[] = [[whole, 'nothing']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, holds] = next;
    if (typeof value === 'string') found.push(...fromValue(value, holds));
    else if (Array.isArray(value)) for (const each of value) open.push([each, holds]);
    else if (isObject(value)) {
      for (const [name, each] of Object.entries(value)) open.push([each, heldBy(name, each, holds)]);
    }
  }
  return found;
}

/** Names of packages may be those of fields, so what stands around them counts. */
function heldBy(name: string, value: unknown, around: Holds): Holds {
  if (around === 'some-by-package') return around;
  if (around === 'one-by-package' && typeof value === 'string') return around;
  return Object.hasOwn(fields, name) ? (fields[name] ?? 'nothing') : 'nothing';
}

/** Programs leave spaces and line ends out of an address before they read it. */
function fromValue(value: string, holds: Holds): readonly WrittenSource[] {
  if (holds === 'nothing') return [];
  const address = value.replace(/[\t\r\n]/g, '').trim();
  const short = holds === 'an-address' ? undefined : repositoryShorthand(address);
  return short === undefined ? sourcesIn(address) : [short];
}

/** `replace a => b v1`, alone or in a block: `b`, unless it is a folder. What is merely required comes from the module proxy. */
function fromReplacements(text: string): readonly WrittenSource[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf('=>');
    const [module = ''] =
      at < 0
        ? []
        : line
            .slice(at + 2)
            .trim()
            .split(/[\s"`]/, 1);
    return /^[\w-]+(?:\.[\w-]+)+\//.test(module) ? sourcesIn(`https://${module}`) : [];
  });
}
