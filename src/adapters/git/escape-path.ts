/** A file name as git gives it (any bytes but NUL) for a message: printable, with `\xNN` for the rest. */
export function escapePath(bytes: Uint8Array): string {
  const text = Buffer.from(bytes);
  if (isPlain(text.toString('utf8')) && Buffer.from(text.toString('utf8')).equals(text)) return text.toString('utf8');
  return [...bytes]
    .map((byte) => {
      const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
      return printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\uFFFD]/u.test(text);
}
