import { describeEgress, type EgressReport } from '../domain/egress/egress-report.ts';
import { notListed } from '../domain/egress/proxy-target.ts';
import { EntropyError } from '../domain/error.ts';
import { describeExceeded } from '../domain/resource-use.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { SandboxExit, SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';
import { openStrongestRung } from './open-strongest-rung.ts';

export interface SetUpRequest {
  readonly providers: readonly SandboxProvider[];
  readonly options: SandboxOptions;
  readonly required?: SandboxRung;
  /** `npm ci`, as a maintainer wrote it: a line for the shell. */
  readonly command: string;
  readonly timeoutMs: number;
  /** The command's output as it comes, for the log of the job. */
  readonly log: (chunk: Uint8Array) => void;
}

export interface SetUpDone {
  readonly durationMs: number;
  /** Where it went; absent where it had no network, or the machine's own. */
  readonly egress?: EgressReport;
}

/**
 * Prepares the workspace (install, build) with the network that it is allowed, and before any key is in a process: what it
 * installs may run code of strangers. `.git` stays read-only. Failing is E404 with the end of what it said.
 */
export async function setUpWorkspace(request: SetUpRequest, signal: AbortSignal): Promise<SetUpDone> {
  const { providers, options, required } = request;
  const opened = await openStrongestRung({ providers, options, required }, signal);
  await using sandbox = opened.sandbox;
  const exit = await sandbox.run(
    {
      argv: ['/bin/sh', '-c', request.command],
      timeoutMs: request.timeoutMs,
      maxOutputBytes: 16_384,
      onOutput: (_, chunk) => request.log(chunk),
    },
    signal,
  );
  const egress = await sandbox.egress?.();
  if (exit.exitCode === 0) return { durationMs: exit.durationMs, ...(egress === undefined ? {} : { egress }) };
  throw new EntropyError({
    code: 'E404',
    message: `the set-up command \`${request.command}\` ${howItEnded(exit, request.timeoutMs)}`,
    why: [lastWords(exit), ...(egress === undefined ? [] : describeEgress(egress))].join('\n'),
    fix: `${missingHosts(egress)}run the same command on a fresh clone; then correct \`setup\` in .github/entropy.yml or the workflow. It runs without any credential, reaches what \`network.setup\` lists, and cannot write to .git`,
  });
}

/** A host that was missed is what to add, unless its own address was the reason. */
function missingHosts(egress: EgressReport | undefined): string {
  const hosts = new Set(
    (egress?.refused ?? []).filter(({ why }) => why === notListed).map(({ target }) => target.replace(/:443$/, '')),
  );
  return hosts.size === 0
    ? ''
    : `if you trust them, add to \`network.setup\`: ${[...hosts].slice(0, 10).join(', ')}; or `;
}

function howItEnded(exit: SandboxExit, timeoutMs: number): string {
  if (exit.timedOut) return `did not end within ${Math.round(timeoutMs / 1000)} s`;
  if (exit.exceeded !== undefined) return `was ended: ${describeExceeded(exit.exceeded)}`;
  return exit.exitCode === null ? `was killed by ${exit.signal}` : `ended with ${exit.exitCode}`;
}

/** The end of both streams: what failed is said last, and by some programs on standard output. */
function lastWords({ stdout, stderr }: SandboxExit): string {
  const text = new TextDecoder();
  const tails = [stdout, stderr].map(({ head, tail }) =>
    text
      .decode(tail.length > 0 ? tail : head)
      .trim()
      .slice(-2000),
  );
  const said = tails.filter((tail) => tail !== '').join('\n');
  return said === '' ? 'it said nothing' : `it said last:\n${said}`;
}
