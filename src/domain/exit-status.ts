/** How a command in the sandbox ended. Exactly one of the two is null. */
export interface ExitStatus {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * A process that stands between us and the command reports death by signal N as exit code 128 + N, as every shell does.
 * SIGHUP (129) is left out on purpose: git ends with 129 when it is called wrongly, and nothing here sends SIGHUP.
 */
const signalsByNumber: Readonly<Record<number, string>> = {
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

export function readExitStatus(code: number): ExitStatus {
  const signal = signalsByNumber[code - 128];
  return signal === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal };
}
