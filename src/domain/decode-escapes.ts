const escapes =
  /%([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#([0-9]{1,7});|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|\\([0-7]{3})/gi;

/** Escapes of URLs, HTML, JSON and string literals as what they stand for, however they are mixed. */
export function decodeEscapes(text: string): string {
  return text.replace(/&amp;/gi, '&').replace(escapes, (whole, ...groups: (string | undefined)[]) => {
    const [percent, htmlHex, htmlDecimal, unicode, braced, byte, octal] = groups;
    const hexDigits = percent ?? htmlHex ?? unicode ?? braced ?? byte;
    const code =
      hexDigits === undefined
        ? Number.parseInt(htmlDecimal ?? octal ?? '', htmlDecimal === undefined ? 8 : 10)
        : Number.parseInt(hexDigits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
