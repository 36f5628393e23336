/** `--json` and `--json=a,b`; a bare word after `--json` is never swallowed, so it can stand anywhere. */
export function normaliseJsonFlag(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) => (argument === '--json' && (end === -1 || index < end) ? '--json=*' : argument));
}

/** Whether errors must be objects too; asked before anything is parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  return own.some((argument) => argument === '--json' || argument.startsWith('--json='));
}
