import { exitCodes } from '../domain/outcome.ts';

/** How long a cancelled command may take to close what it opened before the process ends anyway. */
const graceMs = 60_000;

export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that the interruption asks for; undefined while nobody interrupted, or when it was the normal end. */
  readonly exitCode: () => 130 | 3 | undefined;
  readonly untilStopped: () => Promise<void>;
}

/** What interrupts a process; `process` itself, or a stand-in. */
export interface SignalSource {
  on(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * The first Ctrl-C cancels: the command closes comment, claim and sandbox and ends with 130. The second one ends the
 * process at once. SIGTERM and SIGHUP cancel too and end with 3.
 */
export function listenForInterruption(source: SignalSource, say: (text: string) => void): Interruption {
  const controller = new AbortController();
  let interruptedBy: 130 | 3 | undefined;
  let expected = false;
  const onSignal = (name: string, code: 130 | 3) => (): void => {
    if (controller.signal.aborted) {
      source.exit(code);
      return;
    }
    interruptedBy = code;
    if (!expected) say('\nstopping: closing what is open (once more to leave at once)\n');
    setTimeout(() => source.exit(code), graceMs).unref();
    controller.abort(new DOMException(`stopped by ${name}`, 'AbortError'));
  };
  source.on('SIGINT', onSignal('SIGINT', exitCodes.interrupted));
  source.on('SIGTERM', onSignal('SIGTERM', exitCodes.cancelled));
  source.on('SIGHUP', onSignal('SIGHUP', exitCodes.cancelled));
  return {
    signal: controller.signal,
    exitCode: () => (expected ? undefined : interruptedBy),
    untilStopped: async () => {
      if (controller.signal.aborted) return;
      expected = true;
      await new Promise<void>((resolve) => {
        controller.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}
