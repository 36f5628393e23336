import fc from 'fast-check';

const lastCodePoint = 0x10_ffff;
const surrogates = { first: 0xd800, count: 0x800 };

/** ASCII, what one UTF-16 unit holds, and everything: each as likely, so that none is only met by luck. */
const ordinal = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xffff - surrogates.count }),
  fc.integer({ min: 0, max: lastCodePoint - surrogates.count }),
);

/**
 * Well-formed text of any code points, at most `maxLength` of them. fast-check's own `string({ unit: 'binary' })` says
 * the same and builds a map of a million entries for it, a second each time.
 */
export function anyText({ maxLength }: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  const codes = fc.array(ordinal, maxLength === undefined ? {} : { maxLength });
  return codes.map((ordinals) => String.fromCodePoint(...ordinals.map(codePoint)));
}

function codePoint(ordinalOfText: number): number {
  return ordinalOfText < surrogates.first ? ordinalOfText : ordinalOfText + surrogates.count;
}
