/** Names under which `main` saves what `post` must know. */
export const savedStates = {
  /** JSON of the `OpenRun` that post closes unless main settled it. */
  openRun: 'entropy-open-run',
  /** Name of the run that a coordinator dispatched this workflow run for. */
  dispatchedRun: 'entropy-dispatched-run',
  /** A token of the App that this job was given; post makes it worthless. */
  runToken: 'entropy-run-token',
  /** JSON of a `FaultNote`: what main was ended by, when it could still say so. */
  fault: 'entropy-fault',
  /** JSON of where the task and what the agent left of it lie: post saves the work in progress unless main settled it. */
  leftWork: 'entropy-left-work',
  /** Set when main has closed the run, or has handed it on to the next job. */
  settled: 'entropy-settled',
} as const;

/**
 * Whether this bundle was started by `dist/post.js`, which the build puts beside it. Not told by anything that main has
 * saved: a main that was cancelled before its first line saves nothing, and post would take itself for main.
 */
export function isPost(): boolean {
  return process.argv[2] === 'post';
}
