import { asCodeSpan } from '../outgoing-text.ts';
import type { WeakenedTest } from './weakened-tests.ts';

const words: Readonly<Record<WeakenedTest['what'], string>> = {
  deleted: 'deleted',
  emptied: 'holds no test any more',
  removed: 'tests were taken out',
  skipped: 'tests are skipped, or only some run',
  unasserted: 'its tests assert nothing any more',
  shortened: 'more than half of it was taken out',
  configuration: 'decides how the tests are run, and was changed',
};

/** To follow a path, as plain text: untrusted. */
export function weakenedReason({ what, shown }: WeakenedTest): string {
  return shown.length === 0 ? `tests: ${words[what]}` : `tests: ${words[what]} (${shown.join(', ')})`;
}

/** To follow a path, as Markdown: ``tests were taken out: `adds`, `subtracts` ``. */
function weakenedText({ what, shown }: WeakenedTest): string {
  const names = shown.map((name) => asCodeSpan(name, 100)).join(', ');
  return names === '' ? words[what] : `${words[what]}: ${names}`;
}

/** The first thing that a reviewer reads; empty when nothing was weakened. */
export function weakenedWarning(weakened: readonly WeakenedTest[], mostRows: number): string {
  if (weakened.length === 0) return '';
  const rows = weakened.slice(0, mostRows).map((test) => `> - ${asCodeSpan(test.path, 200)}: ${weakenedText(test)}`);
  const more = weakened.length > mostRows ? [`> - and ${weakened.length - mostRows} more`] : [];
  return ['> [!WARNING]', '> **This change weakens tests.** What passes says less than before:', ...rows, ...more].join(
    '\n',
  );
}
