import type { RoleReport } from '../domain/reports/role-report.ts';
import type { Submission } from '../domain/run-result.ts';
import { shortLine, sliceWhole } from '../domain/visible-text.ts';

/** What of a run may be worth knowing to the one after it. All of it is text that a model wrote or chose. */
export interface RememberedRun {
  /** The role and what it was asked for: `coder, change`. */
  readonly who: string;
  /** Of `checkpoint`, oldest first. */
  readonly notes: readonly string[];
  /** Oldest first; the last result of one that ran more than once counts. */
  readonly commands: readonly { readonly command: string; readonly result: string }[];
  readonly changed: readonly string[];
  readonly submission?: Submission;
  readonly report?: RoleReport;
  /** Why the run ended. */
  readonly reason: string;
}

/** Bytes of UTF-8. */
export const longestMemory = 4 * 1024;

const mostCommands = 12;
const mostFiles = 30;
const mostNotes = 8;
const longestLine = 300;
const longestBody = 900;

/**
 * A run in at most 4 KiB: how it ended, what it handed in, what it changed, its newest notes and commands. The same run always
 * gives the same text. What matters most comes first, for what does not fit is cut from the end.
 */
export function compactMemory(run: RememberedRun): string {
  const { who, reason, changed, submission, report } = run;
  const notes = run.notes.slice(-mostNotes);
  const sections = [
    `${who}: ${line(reason)}`,
    ...(submission === undefined ? [] : [`Handed in: ${line(submission.title)}\n${text(submission.body)}`]),
    ...(report === undefined ? [] : [`Said: ${text(report.summary)}`]),
    listed('Changed:', changed.slice(0, mostFiles), changed.length - mostFiles),
    listed('Noted:', notes, run.notes.length - notes.length),
    listed('Ran:', newestCommands(run.commands), 0),
  ];
  return withinBytes(sections.filter((section) => section !== '').join('\n'), longestMemory);
}

function newestCommands(commands: RememberedRun['commands']): readonly string[] {
  const last = new Map<string, string>();
  for (const { command, result } of commands) {
    last.delete(command);
    last.set(command, result);
  }
  return [...last].slice(-mostCommands).map(([command, result]) => `${command} → ${result}`);
}

function listed(title: string, entries: readonly string[], more: number): string {
  if (entries.length === 0) return '';
  const rest = more > 0 ? [`- and ${more} more`] : [];
  return [title, ...entries.map((entry) => `- ${line(entry)}`), ...rest].join('\n');
}

function line(raw: string): string {
  return shortLine(raw, longestLine);
}

function text(raw: string): string {
  const whole = raw.trim();
  return whole.length <= longestBody ? whole : `${sliceWhole(whole, longestBody - 1)}…`;
}

function withinBytes(whole: string, limit: number): string {
  const bytes = new TextEncoder().encode(whole);
  if (bytes.length <= limit) return whole;
  const mark = '…';
  let end = limit - new TextEncoder().encode(mark).length;
  // A byte of the form 10xxxxxx goes on a character that began before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}${mark}`;
}
