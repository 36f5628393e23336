import { oneLine } from '../domain/visible-text.ts';

export const logStyles = ['text', 'json'] as const;
export type LogStyle = (typeof logStyles)[number];

type Entry = Readonly<Record<string, string | number | boolean>>;

/** One entry as one line: JSON for programs, short for people. What comes from outside cannot begin a line of its own. */
export function logText(entry: Entry, style: LogStyle, at: Date): string {
  if (style === 'json') return `${JSON.stringify({ at: at.toISOString(), ...entry })}\n`;
  const time = at.toISOString().slice(11, 19);
  if (entry['event'] === 'request') {
    const { method, path, status, ms, caller } = entry;
    return `${time} ${oneLine(`${method} ${path}`, 300)} ${status} ${ms} ms ${oneLine(String(caller), 100)}\n`;
  }
  const { event, stack: _stack, ...rest } = entry;
  const facts = Object.entries(rest).map(([name, value]) => `${name}=${oneLine(String(value), 500)}`);
  return `${time} ${[event, ...facts].join(' ')}\n`;
}
