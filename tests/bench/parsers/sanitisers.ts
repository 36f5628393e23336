import { neutraliseInline, neutraliseLines, neutraliseMarkdown } from '../../../src/domain/outgoing-text.ts';
import { withoutInvisible, withVisibleInvisible } from '../../../src/domain/sanitise/invisible-characters.ts';
import { readableMarkdown } from '../../../src/domain/sanitise/readable-text.ts';
import { markdownPieces } from '../../fakes/markdown-pieces.ts';
import { oddCharacters } from './odd-characters.ts';
import type { Parser, Reading } from './parser.ts';

const issueText =
  'It crashes. <!-- x -->\n\n```js\nslug("a")\n```\n\n- ![a](b "c")\n- [d](e)\n\n[//]: # (f)\n\n| a | b |\n|--|--|\n| c | d |';

const read: Parser = {
  name: 'sanitiser, read',
  cases: 120_000,
  samples: [issueText],
  pieces: [...markdownPieces, ...oddCharacters],
  read: (text) => {
    const { text: once } = readableMarkdown(text);
    if (once.length < 4_000 && readableMarkdown(once).text !== once)
      return { problem: 'read again it is another text' };
    if (/[\u202a-\u202e\u200b\u2066-\u2069]/.test(once)) return { problem: 'an invisible character is left' };
    return 'read';
  },
};

const shown: Parser = {
  name: 'sanitiser, tools',
  cases: 60_000,
  samples: [issueText, '\u001b[31m1 failed\u001b[0m\n\u001b]0;title\u0007'],
  pieces: [...markdownPieces, ...oddCharacters, '\u001b', '\u001b]', '\u001b[31m'],
  read: (text) => {
    const shown = withVisibleInvisible(text);
    if (/[\u202a-\u202e\u200b\u2066-\u2069]|(?![\t\n\r])\p{Cc}/u.test(shown))
      return { problem: 'something unseen is left' };
    const stripped = withoutInvisible(text);
    return text.length > 4_000 || withoutInvisible(stripped) === stripped
      ? 'read'
      : { problem: 'more goes the second time' };
  },
};

const writtenText = {
  samples: [issueText, 'Hello @bob, fixes #7 and o/r#9 https://evil.test/ ![x](y) [skip ci]'],
  pieces: [...markdownPieces, '@bob', '#7', 'o/r#9', 'GH-7', 'fixes ', 'https://', 'www.', '[skip ci]', '# ', '=='],
};
const outgoing = { issue: 42, ownAddress: 'https://github.com/octo/slug/', maxLength: 100_000 };
const judged = (tame: string): Reading =>
  tame.includes('<!--') ? { problem: `a comment opens in ${JSON.stringify(tame)}` } : 'read';

const written: Parser = {
  ...writtenText,
  name: 'sanitiser, written markdown',
  cases: 80_000,
  read: (text) => judged(neutraliseMarkdown(text, outgoing)),
};

const writtenLines: Parser = {
  ...writtenText,
  name: 'sanitiser, written lines',
  cases: 60_000,
  read: (text) => judged(neutraliseLines(text, outgoing)),
};

const writtenLine: Parser = {
  ...writtenText,
  name: 'sanitiser, written line',
  cases: 60_000,
  read: (text) => judged(neutraliseInline(text, outgoing)),
};

export const sanitisers: readonly Parser[] = [read, shown, written, writtenLines, writtenLine];
