import type { IssueSize, IssueType } from '../reports/triage-report.ts';

/** What a triage says with at most one label of the repository each. */
export const labelScales = ['type', 'size', 'priority'] as const;
export type LabelScale = (typeof labelScales)[number];

/** What a label says, by its name alone. */
export interface ScaleValue {
  readonly scale: LabelScale;
  /** `bug`, `xs`, `0`. */
  readonly value: string;
  /** Its name has the scale as well (`size: S`), so it is the better of two. */
  readonly named: boolean;
}

const typeWords: Readonly<Record<IssueType, readonly string[]>> = {
  bug: ['bug', 'defect', 'regression'],
  feature: ['feature', 'enhancement', 'feature request', 'new feature', 'feat'],
  refactoring: ['refactoring', 'refactor', 'tech debt', 'technical debt', 'cleanup'],
  tests: ['tests', 'test', 'testing'],
  docs: ['documentation', 'docs', 'doc'],
  question: ['question', 'support', 'help'],
  chore: ['chore', 'maintenance', 'housekeeping'],
};

const sizeWords: Readonly<Record<IssueSize, readonly string[]>> = {
  xs: ['xs', 'extra small', 'tiny'],
  s: ['s', 'small'],
  m: ['m', 'medium'],
  l: ['l', 'large'],
  xl: ['xl', 'extra large', 'huge'],
};

const priorityWords: Readonly<Record<string, readonly string[]>> = {
  '0': ['0', 'p0', 'critical', 'urgent', 'highest', 'immediate'],
  '1': ['1', 'p1', 'high', 'important'],
  '2': ['2', 'p2', 'medium', 'normal', 'moderate'],
  '3': ['3', 'p3', 'low', 'minor'],
  '4': ['4', 'p4', 'lowest', 'backlog', 'someday'],
};

const typeNames = ['type', 'kind', 'category', 't', 'c'];
const sizeNames = ['size', 'effort', 'estimate', 'complexity'];
const priorityNames = ['priority', 'prio', 'p'];

/** Where a repository's scale ends earlier than ours, its last step is meant. */
const nearest: Readonly<Record<LabelScale, Readonly<Record<string, string>>>> = {
  type: {},
  size: { xs: 's', xl: 'l' },
  priority: { '0': '1', '4': '3' },
};

/** What the name of a label says; undefined when it says nothing of the kind: `area/parser`, `good first issue`. */
export function readScaleLabel(label: string): ScaleValue | undefined {
  const words = plainWords(label);
  const type = spelled(words, typeWords, { names: typeNames, bare: () => true });
  if (type !== undefined) return { scale: 'type', ...type };
  const size = spelled(words, sizeWords, { names: sizeNames, bare: (word) => word === 'xs' || word === 'xl' });
  if (size !== undefined) return { scale: 'size', ...size };
  const priority = spelled(words, priorityWords, { names: priorityNames, bare: (word) => /^p[0-4]$/.test(word) });
  return priority === undefined ? undefined : { scale: 'priority', ...priority };
}

/** The repository's own spelling for a value, or for the nearest one that it has; of several the first in its list. */
export function labelFor(scale: LabelScale, value: string, labels: readonly string[]): string | undefined {
  const said = labels.flatMap((label) => {
    const read = readScaleLabel(label);
    return read?.scale === scale ? [{ label, ...read }] : [];
  });
  const exact = said.filter((each) => each.value === value);
  const found = exact.find(({ named }) => named) ?? exact[0];
  if (found !== undefined) return found.label;
  const near = nearest[scale][value];
  return near === undefined ? undefined : labelFor(scale, near, labels);
}

function spelled(
  words: string,
  table: Readonly<Record<string, readonly string[]>>,
  { names, bare }: { readonly names: readonly string[]; readonly bare: (word: string) => boolean },
): Omit<ScaleValue, 'scale'> | undefined {
  for (const [value, spellings] of Object.entries(table)) {
    for (const word of spellings) {
      if (names.some((name) => words === `${name} ${word}` || words === `${word} ${name}`))
        return { value, named: true };
      if (words === word && bare(word)) return { value, named: false };
    }
  }
  return undefined;
}

/** `Priority: High 🔥` → `priority high`. */
function plainWords(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
