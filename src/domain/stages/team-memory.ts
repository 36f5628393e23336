import { maxMemoryBytes } from './team-record.ts';

const cut = '… (what is older was left out)\n';

/** What the next run is told of all before it: the newest is kept, in whole lines, when there is more than fits. */
export function addToMemory(memory: string, addition: string | undefined, maxBytes: number = maxMemoryBytes): string {
  const added = addition?.trim() ?? '';
  const before = memory.trim();
  const whole = [before, added].filter((part) => part !== '').join('\n\n');
  if (bytesOf(whole) <= maxBytes) return whole;
  const kept: string[] = [];
  let bytes = bytesOf(cut);
  for (const line of whole.split('\n').reverse()) {
    bytes += bytesOf(line) + (kept.length === 0 ? 0 : 1);
    if (bytes > maxBytes) break;
    kept.unshift(line);
  }
  return kept.length === 0 ? lastBytes(whole, maxBytes) : `${cut}${kept.join('\n')}`;
}

/** One line that is longer than all that is kept: its end, in whole characters. */
function lastBytes(text: string, maxBytes: number): string {
  const characters = [...text].slice(-maxBytes);
  let bytes = 0;
  let from = characters.length;
  while (from > 0) {
    const next = bytesOf(characters[from - 1] ?? '');
    if (bytes + next > maxBytes) break;
    bytes += next;
    from -= 1;
  }
  return characters.slice(from).join('');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
