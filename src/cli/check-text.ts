import type { CheckResult } from '../runtime/doctor.ts';
import type { Paint } from './paint.ts';
import { padTo, terminalText } from './terminal-text.ts';

/** One thing that was looked at: ✔ ok, ! worth a look, ✗ failed, – not seen; with what to do about it. */
export function checkText({ status, title, detail, fix }: CheckResult, paint: Paint): string {
  const marks = { ok: paint.good('✔'), warn: paint.warn('!'), fail: paint.bad('✗'), skip: paint.faint('–') };
  const hang = (text: string): string =>
    terminalText(text)
      .trim()
      .split('\n')
      .join(`\n${' '.repeat(18)}`);
  const lines = [`${marks[status]} ${padTo(title, 14)}  ${hang(detail)}`];
  if (fix !== undefined) lines.push(`  ${padTo('', 9)}${paint.strong('fix')}    ${hang(fix)}`);
  return `${lines.join('\n')}\n`;
}
