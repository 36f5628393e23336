import { lastWord, type MetadataStrategy } from '../conflicts/metadata.ts';
import { asCodeSpan } from '../outgoing-text.ts';

export const editedFields = ['title', 'milestone', 'state'] as const;
export type EditedField = (typeof editedFields)[number];

/** Title, milestone (empty: none) and state of an issue. */
export type IssueFacts = Readonly<Record<EditedField, string>>;

export interface EditFacts {
  readonly strategy: MetadataStrategy;
  /** What the report proposes, as it may be written. */
  readonly wanted: Partial<IssueFacts>;
  readonly now: IssueFacts;
  /** As the run began with it; what a run does not begin with counts as it is. */
  readonly atStart: Partial<IssueFacts>;
  /** The comment of the last triage, which says what that one had set; empty: there was none. */
  readonly earlier: string;
}

export interface Edit {
  readonly field: EditedField;
  readonly from: string;
  readonly to: string;
}

export interface EditChoice {
  readonly set: readonly Edit[];
  /** Left as it is until a person decides. */
  readonly ask: readonly Edit[];
  /** Somebody else's word counts. */
  readonly left: readonly Edit[];
  /** All that triage has set and that still is so when this is done; the next one goes by it. */
  readonly ours: Partial<IssueFacts>;
}

/** What becomes of the title, the milestone and the state that a triage proposes. */
export function chooseEdits({ strategy, wanted, now, atStart, earlier }: EditFacts): EditChoice {
  const [set, ask, left]: Edit[][] = [[], [], []];
  const ours: Partial<Record<EditedField, string>> = {};
  for (const field of editedFields) {
    const [to, from] = [wanted[field], now[field]];
    const told = toldIn(earlier, field);
    if (told === shown(from)) ours[field] = from;
    if (to === undefined || to === '') continue;
    // Compared as they are shown, for of what was told before nothing else is known.
    const start = shown(atStart[field] ?? from);
    const words = { base: told ?? start, ours: shown(to), theirs: shown(from), atStart: start };
    const word = lastWord(strategy, words);
    const edit = { field, from, to };
    if (word === 'ask') ask?.push(edit);
    // Set by an earlier try of this run: nobody else would have written the very same since it began.
    else if (shown(to) === shown(from) && shown(from) !== start) ours[field] = from;
    else if (word === 'ours') {
      set?.push(edit);
      ours[field] = to;
    } else if (shown(to) !== shown(from)) left?.push(edit);
  }
  return { set: set ?? [], ask: ask ?? [], left: left ?? [], ours };
}

const most = 250;

function shown(value: string): string {
  return asCodeSpan(value, most);
}

/** Above everything that a model wrote, for the first line of each kind counts. */
export function setLines(ours: Partial<IssueFacts>): readonly string[] {
  return editedFields.flatMap((field) => {
    const value = ours[field];
    return value === undefined ? [] : [`**Set ${field}:** ${shown(value)}`];
  });
}

function toldIn(comment: string, field: EditedField): string | undefined {
  return new RegExp(`^\\*\\*Set ${field}:\\*\\* (.*?)\\r?$`, 'm').exec(comment)?.[1];
}

/** What a person is asked, and what stays as somebody else has it. */
export function editQuestions({ ask, left }: Pick<EditChoice, 'ask' | 'left'>): readonly string[] {
  const line = ({ field, from, to }: Edit): string =>
    `- ${field}: ${from === '' ? 'none' : shown(from)} → ${shown(to)}`;
  return [
    ...(ask.length === 0
      ? []
      : [
          '**For a person to decide**',
          `Nothing of this was changed; whoever agrees changes it.\n\n${ask.map(line).join('\n')}`,
        ]),
    ...(left.length === 0 ? [] : [`Left as somebody else has it:\n\n${left.map(line).join('\n')}`]),
  ];
}
