import { readActionEnvironment } from './config.ts';

/** Names under which `main` saves what `post` must know. */
export const savedStates = {
  /** Set by the first line of main: the bundle that finds it was started as post. */
  main: 'entropy-main',
  /** JSON of the `OpenRun` that post closes unless main settled it. */
  openRun: 'entropy-open-run',
  /** JSON of a `FaultNote`: what main was ended by, when it could still say so. */
  fault: 'entropy-fault',
  /** Set when main has closed the run, or has handed it on to the next job. */
  settled: 'entropy-settled',
} as const;

/** Whether the runner started this bundle for the second time. */
export function isPost(): boolean {
  return readActionEnvironment().savedState(savedStates.main) !== undefined;
}
