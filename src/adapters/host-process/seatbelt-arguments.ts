import type { SeatbeltWalls } from './host-pass.ts';

/**
 * A command behind seatbelt, as arguments. The profile is made by `@anthropic-ai/sandbox-runtime`, which is loaded here, on
 * macOS, and nowhere else; without a port of a proxy it closes the network.
 */
export async function seatbeltArguments(walls: SeatbeltWalls, argv: readonly string[]): Promise<readonly string[]> {
  const { wrapCommandWithSandboxMacOS } = await import(
    '@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js'
  );
  const line = wrapCommandWithSandboxMacOS({
    command: argv.map(quoted).join(' '),
    needsNetworkRestriction: true,
    // Tests serve on loopback; nothing else is reached by that.
    allowLocalBinding: true,
    readConfig: { denyOnly: [], literalDenyOnly: [...walls.closed], literalAllowWithinDeny: [...walls.shown] },
    writeConfig: {
      allowOnly: [],
      literalAllowOnly: [...walls.writable],
      denyWithinAllow: [],
      literalDenyWithinAllow: [...walls.readOnly],
    },
    maskedFileBinds: walls.credentials.map((realPath) => ({ realPath, fakePath: '/dev/null' })),
    allowGitConfig: false,
    binShell: 'sh',
  });
  return ['/bin/sh', '-c', line];
}

/** One word of a shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
