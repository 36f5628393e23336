/**
 * A runner obeys lines of a job's log that look like workflow commands (`::set-output …::`, `##[add-mask]…`), whoever
 * wrote them. Text of strangers (what an installation prints) is made inert before it goes there: shown, not obeyed.
 * Lines end where a runner ends them, at a line feed and at a carriage return alike.
 */
export function inertLogLine(line: string): string {
  // The older form counts anywhere in a line, the newer one only before any word.
  const broken = line.replaceAll('##[', '# #[');
  return /^[^\p{L}\p{N}]*::/u.test(broken) ? `| ${broken.replaceAll('::', ': :')}` : broken;
}

/** Longest part of a line that is held back while its end is not there yet. */
const longestHeld = 8_192;

export interface InertLog {
  push(chunk: Uint8Array): void;
  /** What came after the last line end, which is given one: what we say ourselves begins a line of its own. */
  end(): void;
}

/** The same for output as it comes, in pieces that end anywhere. `write` gets whole lines. */
export function inertLog(write: (text: string) => void): InertLog {
  const text = new TextDecoder();
  let held = '';
  let inLongLine = false;
  const flush = (part: string): void => {
    // What follows in a line that was begun with a word cannot become a command of the newer form.
    write(inLongLine ? part.replaceAll('##[', '# #[') : inertLogLine(part));
  };
  const take = (more: string): void => {
    const lines = (held + more).split(/(?<=[\r\n])/);
    held = /[\r\n]$/.test(lines.at(-1) ?? '') ? '' : (lines.pop() ?? '');
    for (const line of lines) {
      flush(line);
      inLongLine = false;
    }
    if (held.length <= longestHeld) return;
    // Not cut inside of `##[`; and a line of blanks is given a beginning, for the command may come after them.
    const rest = held.endsWith('##') ? '##' : held.endsWith('#') ? '#' : '';
    const begun = held.slice(0, held.length - rest.length);
    flush(inLongLine || /[\p{L}\p{N}]/u.test(begun) ? begun : `| ${begun}`);
    held = rest;
    inLongLine = true;
  };
  return {
    push: (chunk) => take(text.decode(chunk, { stream: true })),
    end: () => {
      take(text.decode());
      if (held !== '') flush(held);
      if (held !== '' || inLongLine) write('\n');
      held = '';
      inLongLine = false;
    },
  };
}
