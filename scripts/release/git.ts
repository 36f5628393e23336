import { execFileSync } from 'node:child_process';

/** Standard output, trimmed. Throws with what git said. */
export type Git = (args: readonly string[], cwd: string) => string;

export interface GitWith {
  /** For pushing over HTTPS, and where alone it is sent to: `https://github.com/`. */
  readonly credential?: { readonly token: string; readonly server: string };
  /** Of the commits that are made, so that the same release is the same commit. */
  readonly date: string;
}

/**
 * git without anybody's settings, prompts or hooks. The token travels in the environment: arguments are seen by every user of the
 * machine, and stand in what is thrown.
 */
export function gitWith({ credential, date }: GitWith): Git {
  const settings = [
    ['core.hooksPath', '/dev/null'],
    ['protocol.ext.allow', 'never'],
    ['init.defaultBranch', 'main'],
    ['gc.auto', '0'],
    ['safe.directory', '*'],
    ...(credential === undefined ? [] : [[`http.${credential.server}.extraHeader`, authorization(credential.token)]]),
  ];
  const configured = settings.flatMap(([key = '', value = ''], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  const person = { name: 'entropy-playground', email: 'release@entropy-playground.invalid' };
  const env = {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(configured),
  };
  return (args, cwd) =>
    execFileSync('git', args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 ** 2,
      timeout: 300_000,
    }).trim();
}

function authorization(token: string): string {
  return `AUTHORIZATION: basic ${btoa(`x-access-token:${token}`)}`;
}
