import { leftOut } from './code-cover.ts';
import { nextMatch } from './next-match.ts';
import { note, type Tally } from './removals.ts';

/** Elements that GitHub shows; any other tag is dropped by it, name and all. */
const shown = new Set(
  (
    'a abbr b bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure ' +
    'font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p picture pre q rt ruby s samp small span strike strong sub summary ' +
    'sup table tbody td tfoot th thead tr tt u ul var video wbr'
  ).split(' '),
);
/** Declarations, and at the start of a line tags that are never closed: whatever follows up to the next `>` is swallowed. */
const swallowing =
  /<(?:\?|!(?:\[CDATA\[|[A-Za-z]))|(?<=^[ \t>*+\-0-9.)]{0,20})<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul)(?=[\s/]|$)/gim;
/** Quoted values may hold anything; the quotes are what ends them. */
const tag = /<(\/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/](?:[^<>"']|"[^"]*"|'[^']*')*)?)>/g;
const address = /[\s/]href\s*=\s*(?:"(https?:\/\/[^"\s]*)"|'(https?:\/\/[^'\s]*)'|(https?:\/\/[^\s>"']*))/i;
/** What of a text is not shown although it is written: names and attributes of tags, declarations, references to nothing. */
export function withoutHiddenHtml(text: string, tally: Tally): string {
  const tags = withoutUnshown(withoutInvisibleReferences(text, tally), tally).replace(
    tag,
    (whole, slash: string, name: string, attributes: string) => {
      const element = name.toLowerCase();
      if (element === 'img' && attributes.trim() !== '') {
        note(tally, 'imageText');
        return '{image}';
      }
      if (!shown.has(element)) {
        note(tally, 'tag');
        return leftOut;
      }
      if (attributes.replace('/', '').trim() === '') return whole;
      const found = address.exec(attributes);
      const to = element === 'a' ? (found?.[1] ?? found?.[2] ?? found?.[3]) : undefined;
      const bare = to === undefined ? `<${slash}${name}>` : `<${slash}${name} href="${to}">`;
      if (bare !== whole) note(tally, 'attribute');
      return bare;
    },
  );
  return withoutSwallowed(tags, tally);
}

const parenthesis = /<(\/?)rp(?:[\s/](?:[^<>"']|"[^"]*"|'[^']*')*)?>/gi;

/** No browser shows `<rp>`, nor what is in it: up to where the outermost one ends, or to the end of the text. */
function withoutUnshown(text: string, tally: Tally): string {
  const pieces: string[] = [];
  let depth = 0;
  let done = 0;
  for (const { index, 0: whole, 1: slash } of text.matchAll(parenthesis)) {
    if (slash === '') {
      if (depth === 0) {
        note(tally, 'tag');
        pieces.push(text.slice(done, index), leftOut);
      }
      depth += 1;
      done = text.length;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0) done = index + whole.length;
    }
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

function withoutSwallowed(text: string, tally: Tally): string {
  const nextEnd = nextMatch(text, />/g);
  const pieces: string[] = [];
  let done = 0;
  for (const { index, 0: opening } of text.matchAll(swallowing)) {
    const end = nextEnd(index);
    const begins =
      /[a-z]$/i.test(opening.slice(0, 2)) ||
      opening.startsWith('</') ||
      /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, index - 20), index));
    const isShown = end === Number.POSITIVE_INFINITY && !begins;
    if (index < done || isShown) continue;
    note(tally, 'tag');
    pieces.push(text.slice(done, index), leftOut);
    done = Math.min(text.length, end + 1);
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

const reference = /&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,32}));/g;
const unseenNames = new Set(
  (
    'shy zwj zwnj lrm rlm ZeroWidthSpace NoBreak NegativeThinSpace NegativeMediumSpace NegativeThickSpace ' +
    'NegativeVeryThinSpace af ApplyFunction ic InvisibleComma it InvisibleTimes'
  ).split(' '),
);

/** `&#x202E;` is shown as the character that it names, which is to say not at all. */
function withoutInvisibleReferences(text: string, tally: Tally): string {
  return text.replace(reference, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    const code =
      name === undefined ? Number.parseInt(decimal ?? hexadecimal ?? '', decimal === undefined ? 16 : 10) : 0;
    const unseen = name === undefined ? isUnseen(code) : unseenNames.has(name);
    if (!unseen) return whole;
    note(tally, 'invisible');
    return leftOut;
  });
}

function isUnseen(code: number): boolean {
  if (code > 0x10ffff) return false;
  return /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u.test(
    String.fromCodePoint(code),
  );
}
