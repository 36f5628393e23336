import { describeError, EntropyError } from './error.ts';
import { type ErrorCode, isErrorCode } from './error-catalogue.ts';
import type { TrackingEnd } from './tracking-comment.ts';

/** What went wrong in a process that has ended, left behind for the one that tells people. Its texts are untrusted. */
export interface FaultNote {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

const maxText = 4_000;

/** An error as a note; after a cancel, the cancel is what happened, whatever was thrown on the way out. */
export function faultNote(error: unknown, signal: AbortSignal): FaultNote {
  if (signal.aborted) return { code: 'E105', message: describeError(signal.reason), fix: '' };
  if (error instanceof EntropyError) return { code: error.code, message: error.message, fix: error.fix };
  return { code: 'E900', message: describeError(error), fix: 'this is a fault of ours: please report it' };
}

/** Undefined for anything that is no note. */
export function parseFaultNote(text: string): FaultNote | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whoever wrote it was killed meanwhile: then there is no note.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, fix } = value as Readonly<Record<string, unknown>>;
  if (!isErrorCode(code) || typeof message !== 'string' || typeof fix !== 'string') return undefined;
  return { code, message: message.slice(0, maxText), fix: fix.slice(0, maxText) };
}

/** How the tracking comment tells it. */
export function endOfFault({ code, message, fix }: FaultNote): TrackingEnd {
  if (code === 'E105') return { kind: 'stopped', reason: `${message}.` };
  const advice = fix === '' ? '' : `To solve it: ${fix}\n\n`;
  return { kind: 'failed', reason: `${code}: ${message}`, next: `${advice}Then \`/agent retry\` starts a new run.` };
}
