import { inertLog, inertLogLine } from '../domain/inert-log.ts';
import { processGuard } from './process-guard.ts';

/** One message for the log of a job. It may quote strangers: no line of it is obeyed, and none tells a secret. */
export function logLine(message: string): void {
  const lines = processGuard()
    .redact(message)
    .split(/\r\n|\r|\n/);
  process.stdout.write(lines.map((line) => `${inertLogLine(line)}\n`).join(''));
}

export interface ShownOutput {
  push(chunk: Uint8Array): void;
  end(): void;
}

/** The output of a program as it comes, the same way. `write` gets whole lines, those of one piece at once. */
export function shownOutput(write: (bytes: Uint8Array) => void): ShownOutput {
  let pending = '';
  const shown = inertLog((text) => {
    pending += text;
  });
  const flush = (): void => {
    const text = pending;
    pending = '';
    if (text !== '') write(new TextEncoder().encode(processGuard().redact(text)));
  };
  return {
    push: (chunk) => {
      shown.push(chunk);
      flush();
    },
    end: () => {
      shown.end();
      flush();
    },
  };
}
