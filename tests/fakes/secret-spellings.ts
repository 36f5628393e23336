const bytes = (text: string): Buffer => Buffer.from(text);
const each = (text: string, write: (code: number) => string, between = ''): string =>
  [...bytes(text)].map(write).join(between);
const hexOf = (code: number): string => code.toString(16).padStart(2, '0');
const pieces = (text: string, length: number): string[] => text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];

export const reversed = (text: string): string => [...text].reverse().join('');

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
}

function base32(data: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** How somebody may write a secret down so that it is not recognised. Written apart from the code that looks for them. */
export const spellings: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  base64: (value) => bytes(value).toString('base64'),
  'base64, one byte later': (value) => bytes(`x${value}`).toString('base64'),
  'base64, two bytes later': (value) => bytes(`xy${value}yz`).toString('base64'),
  'base64 for URLs': (value) => bytes(value).toString('base64url'),
  'base64 in lines': (value) => pieces(bytes(value).toString('base64'), 12).join('\n'),
  'base64 twice': (value) => bytes(bytes(value).toString('base64')).toString('base64'),
  'base64 of UTF-16': (value) => Buffer.from(value, 'utf16le').toString('base64'),
  'base64 of the reverse': (value) => bytes(reversed(value)).toString('base64'),
  'base64, backwards': (value) => reversed(bytes(value).toString('base64')),
  hex: (value) => bytes(value).toString('hex'),
  'hex in capitals': (value) => bytes(value).toString('hex').toUpperCase(),
  'hex with colons': (value) => each(value, hexOf, ':'),
  'hex, backwards': (value) => reversed(bytes(value).toString('hex')),
  'bytes in C': (value) => each(value, (code) => `0x${hexOf(code)}`, ', '),
  'character codes': (value) => `[${each(value, String, ', ')}]`,
  octal: (value) => each(value, (code) => `\\${code.toString(8).padStart(3, '0')}`),
  binary: (value) => each(value, (code) => code.toString(2).padStart(8, '0'), ' '),
  'percent-encoded': (value) => each(value, (code) => `%${hexOf(code)}`),
  'percent-encoded where needed': encodeURIComponent,
  'percent-encoded twice': (value) => encodeURIComponent(each(value, (code) => `%${hexOf(code)}`)),
  'HTML entities': (value) => each(value, (code) => `&#${code};`),
  'HTML entities in hex': (value) => each(value, (code) => `&#x${hexOf(code)};`),
  'mixed escapes': (value) =>
    [...value]
      .map((c, at) => (at % 3 === 0 ? `\\x${hexOf(c.charCodeAt(0))}` : at % 3 === 1 ? `&#${c.charCodeAt(0)};` : c))
      .join(''),
  'JSON escapes': (value) => each(value, (code) => `\\u00${hexOf(code)}`),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify({ value })),
  reversed,
  rot13,
  'UTF-16': (value) => Buffer.from(value, 'utf16le').toString('latin1'),
  base32: (value) => base32(bytes(value)),
  'base32, later': (value) => base32(bytes(`abc${value}`)),
  'split by newlines': (value) => pieces(value, 5).join('\n'),
  'split by spaces': (value) => [...value].join(' '),
  'split and concatenated': (value) =>
    pieces(value, 7)
      .map((part) => JSON.stringify(part))
      .join(' + '),
  'sown with invisible characters': (value) => [...value].join('\u200b'),
  'sown with accents': (value) => [...value].map((char) => `${char}\u0301`).join(''),
  'in full width': (value) => [...value].map((c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)).join(''),
  'in capitals': (value) => value.toUpperCase(),
};

/** The names of the spellings in which a text holds a secret. Its neighbours have a share in the ends of some of them. */
export function spelledIn(text: string, secret: string): readonly string[] {
  const squeezed = bare(text);
  return Object.entries(spellings)
    .filter(([, spell]) => squeezed.includes(bare(spell(secret)).slice(4, -4)))
    .map(([name]) => name);
}

function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '');
}
