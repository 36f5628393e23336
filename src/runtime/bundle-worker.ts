/**
 * The bundle of an action is its own worker: the same file, started with the word `worker`. Apart from own-worker.ts,
 * whose `import.meta` no CommonJS bundle can hold.
 */
export function workerOfThisBundle(): readonly [string, ...string[]] {
  return [process.execPath, process.argv[1] ?? '', 'worker'];
}

/** And its own way out of a sandbox. */
export function egressOfThisBundle(): readonly [string, ...string[]] {
  return [process.execPath, '--use-system-ca', process.argv[1] ?? '', 'egress'];
}
