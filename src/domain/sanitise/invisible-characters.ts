import { note, type RemovalKind, type Tally } from './removals.ts';

/** Runs of code points that nobody sees. */
const unseenRun = /(?:(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800])+/gu;
/** ECMA-48 sequences go whole: without the escape their letters would stay as rubbish. */
const [esc, bell] = [String.fromCharCode(27), String.fromCharCode(7)];
const escapeSequence = new RegExp(
  `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}\n]{0,2000}(?:${bell}|${esc}\\\\)|[@-Z\\\\^_])`,
  'g',
);
/** Longest run of accents on one letter that any language needs (Unicode's stream-safe format, UAX #15). */
const stacked = /(\p{M}{30})\p{M}+/gu;

/**
 * Text in NFC with plain line ends and without code points that nobody sees; tabs and newlines stay. Idempotent, and linear:
 * runs of accents are cut, because normalising them takes quadratic time.
 */
export function withoutInvisible(text: string, tally?: Tally): string {
  let before = text.replace(/\r\n?|[\u2028\u2029]/g, '\n');
  // What one round takes away can make neighbours of what a second one has to look at; a third finds nothing.
  for (let round = 0; round < mostRounds; round += 1) {
    const after = oneRound(before, tally);
    if (after === before) return after;
    before = after;
  }
  return before;
}

const mostRounds = 4;

function oneRound(text: string, tally: Tally | undefined): string {
  const seen = text
    .replace(escapeSequence, () => {
      note(tally, 'control');
      return '';
    })
    .replace(unseenRun, (run, at: number, whole: string) => {
      if (isNeeded(run, at, whole)) return run;
      if (tally !== undefined) for (const character of run) note(tally, kindOf(character));
      return '';
    })
    .replace(stacked, (run, kept: string) => {
      note(tally, 'stackedAccent', run.length - kept.length);
      return kept;
    });
  return seen.normalize('NFC');
}

const mostShown = 4;
const hiddenRun = /(?:(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800])+/gu;

/**
 * What a tool read, with what nobody would see made visible (`⟨U+200B⟩`): files may hold it for good reasons, but nothing
 * is said to the model that a person could not read in its trajectory.
 */
export function withVisibleInvisible(text: string): string {
  return text.replace(hiddenRun, (run, at: number, whole: string) => {
    if (isNeeded(run, at, whole)) return run;
    if (run.length > 2 * mostShown) return `⟨${[...run].length} invisible characters⟩`;
    return [...run].map((character) => `⟨U+${hex(character)}⟩`).join('');
  });
}

const joiner = /^[\u200c\u200d]$/;
const joinedLetter =
  /^[[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{M}]]$/v;
const pictogram = /^\p{Extended_Pictographic}$/u;
const pictogramPart = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
/** Flags of England, Scotland and Wales: the only tags that mean something. */
const regions: ReadonlySet<string> = new Set(['gbeng', 'gbsct', 'gbwls'].map(tagged));

function tagged(letters: string): string {
  const tags = [...letters].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0)));
  return `${tags.join('')}\u{e007f}`;
}

/** Joiners inside of words of scripts that join letters, and what makes one emoji of several code points. No message fits. */
function isNeeded(run: string, at: number, whole: string): boolean {
  if (run.length > 12) return false;
  const before = characterBefore(whole, at);
  const after = String.fromCodePoint(whole.codePointAt(at + run.length) ?? 0);
  if (joiner.test(run) && joinedLetter.test(before) && joinedLetter.test(after)) return true;
  if (run === '\u200d') return pictogramPart.test(before) && pictogram.test(after);
  if (run === '\ufe0f') return pictogram.test(before) || (/^[0-9#*]$/.test(before) && after === '\u20e3');
  if (run === '\ufe0f\u200d') return pictogram.test(before) && pictogram.test(after);
  return before === '\u{1f3f4}' && regions.has(run);
}

function characterBefore(whole: string, at: number): string {
  const last = whole.charCodeAt(at - 1);
  const isPair = last >= 0xdc00 && last <= 0xdfff;
  return whole.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

function kindOf(character: string): RemovalKind {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 'control';
  if (code >= 0xe0000 && code <= 0xe007f) return 'tagCharacter';
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'variation';
  if (code >= 0x180b && code <= 0x180d) return 'variation';
  const direction = code === 0x61c || code === 0x200e || code === 0x200f;
  if (direction || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'direction';
  const zeroWidth = code === 0x2060 || code === 0xfeff || code === 0x180e;
  return zeroWidth || (code >= 0x200b && code <= 0x200d) ? 'zeroWidth' : 'invisible';
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
