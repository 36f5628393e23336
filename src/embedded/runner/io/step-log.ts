import type { SecretMasker } from './secret-masker.ts';

/** Characters of one step's log that are kept for the report: this many from each end. Events carry every line. */
const keptCharacters = 1024 * 1024;

export interface StepLog {
  /** Takes the lines of one text, masked before anybody sees them. */
  write(text: string): void;
  /** What is kept, with a note where lines were left out. */
  text(): string;
}

export function createStepLog(masker: SecretMasker, onLine: (line: string) => void): StepLog {
  const head: string[] = [];
  let tail: string[] = [];
  let tailStart = 0;
  let headSize = 0;
  let tailSize = 0;
  let dropped = 0;

  const keep = (line: string): void => {
    if (tail.length === 0 && headSize + line.length < keptCharacters) {
      head.push(line);
      headSize += line.length + 1;
      return;
    }
    tail.push(line);
    tailSize += line.length + 1;
    while (tailSize > keptCharacters && tailStart < tail.length - 1) {
      tailSize -= (tail[tailStart]?.length ?? 0) + 1;
      tailStart += 1;
      dropped += 1;
    }
    // Dropped lines are cut off in one go now and then: taking each off the front would be quadratic in a flood.
    if (tailStart < 10_000 || tailStart < tail.length / 2) return;
    tail = tail.slice(tailStart);
    tailStart = 0;
  };

  return {
    write: (text) => {
      for (const line of text.split(/\r?\n/)) {
        const masked = masker.mask(line);
        keep(masked);
        onLine(masked);
      }
    },
    text: () => {
      const gap = dropped === 0 ? [] : [`[… ${dropped} lines left out …]`];
      const lines = [...head, ...gap, ...tail.slice(tailStart)];
      return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    },
  };
}
