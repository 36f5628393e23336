import { execFileSync } from 'node:child_process';

/** Standard output, trimmed. Throws with what git said. */
export type Git = (args: readonly string[], cwd: string) => string;

/**
 * git without anybody's settings, prompts or hooks. The token, for pushing over HTTPS, travels in the environment: arguments are seen
 * by every user of the machine.
 */
export function gitWith({ token, date }: { readonly token?: string; readonly date: string }): Git {
  const header = token === undefined ? undefined : `AUTHORIZATION: basic ${btoa(`x-access-token:${token}`)}`;
  const settings = [
    ['core.hooksPath', '/dev/null'],
    ['protocol.ext.allow', 'never'],
    ['init.defaultBranch', 'main'],
    ...(header === undefined ? [] : [['http.extraHeader', header]]),
  ];
  const configured = settings.flatMap(([key = '', value = ''], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  const person = { name: 'entropy-playground', email: 'release@entropy-playground.invalid' };
  const env = {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
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
      timeout: 300_000,
    }).trim();
}
