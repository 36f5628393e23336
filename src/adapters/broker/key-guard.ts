/**
 * Tells whether a text holds the key: plain, split, reversed, or in an encoding that an echoing gateway, a debug page or
 * a log line may use. Texts are compared without separators and case, so that `73:6B`, `%73%6b` and `736b` are one form.
 */
export function createKeyGuard(key: string): (text: string) => boolean {
  const plain = Buffer.from(key, 'utf8');
  const backwards = Buffer.from([...key].reverse().join(''), 'utf8');
  const forms = [plain, backwards].flatMap(formsOf).map(squeeze);
  return (text) => {
    const squeezed = squeeze(text);
    return forms.some((form) => squeezed.includes(form));
  };
}

function formsOf(bytes: Buffer): string[] {
  const codes = [...bytes];
  const inBase = (base: number, width: number, prefix: string) =>
    codes.map((code) => `${prefix}${code.toString(base).padStart(width, '0')}`).join('');
  return [
    bytes.toString('utf8'),
    rot13(bytes.toString('utf8')),
    inBase(16, 2, ''),
    inBase(16, 2, 'x'),
    inBase(16, 4, 'u'),
    inBase(16, 2, '&#x'),
    inBase(10, 1, ''),
    inBase(8, 3, ''),
    inBase(2, 8, ''),
    base32(bytes),
    ...base64Forms(bytes),
  ];
}

/** Base64 depends on what stands before: three alignments, without the characters that neighbours have a share in. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const wholeCharacters = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((offset * 8) / 6), wholeCharacters);
  });
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group, 2)]).join('');
}

function rot13(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const start = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - start + 13) % 26) + start);
  });
}

function squeeze(text: string): string {
  return text.replaceAll(/[^0-9a-z]/gi, '').toLowerCase();
}
