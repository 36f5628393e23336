/**
 * Whether an address that a name resolved to is one of the public Internet. An allowed name says nothing about where it leads:
 * whoever holds its records can point it at this machine, at its neighbours, or at the metadata service of a cloud.
 * Documentation ranges are nobody's and lead nowhere; closed test networks use them for stand-ins, so they pass.
 */
export type AddressClass =
  | 'public'
  | 'this machine'
  | 'private'
  | 'link-local'
  | 'metadata'
  | 'reserved'
  | 'no address';

type Range = readonly [number, number, Exclude<AddressClass, 'public' | 'no address'>];

const v4 = (a: number, b = 0, c = 0, d = 0): number => ((a * 256 + b) * 256 + c) * 256 + d;

/** First address, number of leading bits, what it is. IANA's registry of special addresses, and what clouds put beside it. */
const ranges: readonly Range[] = [
  [v4(0), 8, 'this machine'],
  [v4(127), 8, 'this machine'],
  [v4(10), 8, 'private'],
  [v4(172, 16), 12, 'private'],
  [v4(192, 168), 16, 'private'],
  [v4(100, 64), 10, 'private'],
  [v4(169, 254), 16, 'link-local'],
  // Azure's service to its machines has a public address.
  [v4(168, 63, 129, 16), 32, 'metadata'],
  [v4(192, 0, 0), 24, 'reserved'],
  [v4(192, 88, 99), 24, 'reserved'],
  [v4(198, 18), 15, 'reserved'],
  [v4(224), 4, 'reserved'],
  [v4(240), 4, 'reserved'],
];

export function classifyAddress(address: string): AddressClass {
  const four = parseV4(address);
  if (four !== undefined) return classOfV4(four);
  const groups = parseV6(address);
  return groups === undefined ? 'no address' : classOfV6(groups);
}

function classOfV4(value: number): AddressClass {
  const found = ranges.find(([first, bits]) => Math.floor(value / 2 ** (32 - bits)) === first / 2 ** (32 - bits));
  return found?.[2] ?? 'public';
}

/** What is global has 001 as its first bits; of that, what carries another address in it is refused. */
function classOfV6(groups: readonly number[]): AddressClass {
  const [first = 0, second = 0] = groups;
  const embedded = v4((groups[6] ?? 0) >> 8, (groups[6] ?? 0) & 255, (groups[7] ?? 0) >> 8, (groups[7] ?? 0) & 255);
  const zeros = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
  // What a network without IPv4 makes of a name that has none other (NAT64): it leads to the address inside.
  if (first === 0x64 && second === 0xff9b && zeros(2, 6)) return classOfV4(embedded);
  const mapped = zeros(0, 5) && (groups[5] === 0xffff || groups[5] === 0);
  if (mapped) return 'this machine';
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xfe00) === 0xfc00) return 'private';
  const global = (first & 0xe000) === 0x2000;
  const carriesAnother = first === 0x2002 || (first === 0x2001 && second < 0x200);
  return global && !carriesAnother ? 'public' : 'reserved';
}

/** Four decimal numbers; `127.1` or `0x7f.0.0.1`, which some programs read too, are no address here. */
function parseV4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return v4(a, b, c, d);
}

/** Eight groups; one with a zone (`fe80::1%eth0`) is no address here. */
function parseV6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !text.includes(':')) return undefined;
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...(left ?? []), ...(right ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const missing = 8 - groups.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...(left ?? []), ...Array.from({ length: missing }, () => '0'), ...(right ?? [])].map((group) =>
    Number.parseInt(group, 16),
  );
}

/** `::ffff:10.0.0.1` → `::ffff:a00:1` */
function withoutDots(text: string): string {
  const last = text.lastIndexOf(':') + 1;
  const four = parseV4(text.slice(last));
  if (four === undefined) return text;
  return `${text.slice(0, last)}${Math.floor(four / 65_536).toString(16)}:${(four % 65_536).toString(16)}`;
}
