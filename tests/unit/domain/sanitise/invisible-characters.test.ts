import { describe, expect, it } from 'vitest';
import { withoutInvisible, withVisibleInvisible } from '../../../../src/domain/sanitise/invisible-characters.ts';

describe('what a tool shows', () => {
  it.each([
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['\u202eabc', '⟨U+202E⟩abc'],
    ['x\u{e0041}\u{e0042}\u{e0043}\u{e0044}\u{e0045}', 'x⟨5 invisible characters⟩'],
    ['\u0007\u0008', '⟨U+0007⟩⟨U+0008⟩'],
    ['\ufeffconst a', '⟨U+FEFF⟩const a'],
  ])('makes %j visible', (text, shown) => {
    expect(withVisibleInvisible(text)).toBe(shown);
  });

  it.each(['a\tb\r\nc', '👩‍💻 ❤️ 1️⃣', 'می‌خواهم', 'e\u0301', '\ue0b0 an icon of a font'])('shows %j as it is', (text) => {
    expect(withVisibleInvisible(text)).toBe(text);
  });
});

describe('text without what nobody sees', () => {
  it('is in one form, with plain line ends', () => {
    expect(withoutInvisible('e\u200b\u0301\r\nb\u2028c')).toBe('é\nb\nc');
  });

  it('keeps a joiner only where a script needs one, and one only', () => {
    expect(withoutInvisible('a\u200db م\u200c\u200cم')).toBe('ab مم');
  });

  it('has no more accents on a letter than any language writes, and tells how many went', () => {
    const tally = {};
    expect(withoutInvisible(`a${'\u0301\u0316'.repeat(30)}`, tally).normalize('NFD')).toHaveLength(31);
    expect(tally).toEqual({ stackedAccent: 30 });
  });
});
