import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import type { SandboxNetwork } from '../../../../src/domain/sandbox-network.ts';
import { setUpWorkspace } from '../../../../src/flows/set-up-workspace.ts';
import { sandboxOptions } from '../../../../src/runtime/sandboxes.ts';
import type { FakeInternet } from '../../../fakes/egress-world.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';

export interface SettingUp {
  readonly internet: FakeInternet;
  readonly network: SandboxNetwork;
  readonly command: string;
  readonly files: Readonly<Record<string, string>>;
  /** Variables of the process that starts the set-up, as a job's would be. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface SetUpSeen {
  /** All that the command printed. */
  readonly output: string;
  readonly succeeded: boolean;
  /** What is in git's own configuration and hooks afterwards. */
  readonly git: string;
}

const askProxy = readFileSync(new URL('../../../fakes/ask-proxy.mjs', import.meta.url), 'utf8');

/** The real set-up in the real sandbox with the real way out, of a repository that has a hostile package in it. */
export async function obedientSetUp(wanted: SettingUp): Promise<SetUpSeen> {
  const { internet, network, command, files, variables = {}, signal } = wanted;
  using repository = realRepository({ 'ask-proxy.mjs': askProxy, ...files });
  const home = path.join(repository.temp, 'home');
  mkdirSync(home);
  const room = { task: sampleTask(), workspace: repository.root, home, hostPath: process.env['PATH'] ?? '' };
  // Nothing asks for it: the sandbox is given a way out that lies in this process.
  const egress = [process.execPath] as const;
  const options = { ...sandboxOptions({ ...room, egress }), network };
  const output: string[] = [];
  const log = (chunk: Uint8Array): void => void output.push(new TextDecoder().decode(chunk));
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    const providers = [bubblewrapSandbox(internet.gate)];
    const succeeded = await setUpWorkspace({ providers, options, command, timeoutMs: 60_000, log }, signal).then(
      () => true,
      (error: unknown) => {
        // Its own words: the command failed. Anything else is a fault of the test.
        if (error instanceof EntropyError && error.code === 'E404') return false;
        throw error;
      },
    );
    const git = readFileSync(path.join(repository.root, '.git/config'), 'utf8');
    return { output: output.join(''), succeeded, git };
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** A package in the repository whose script runs when it is installed. */
export function packageWithScript(script: string): Readonly<Record<string, string>> {
  const manifest = { name: 'hostile', version: '1.0.0', scripts: { postinstall: 'node postinstall.cjs' } };
  return {
    'package.json': JSON.stringify({ name: 'sample', version: '1.0.0', dependencies: { hostile: 'file:hostile' } }),
    'hostile/package.json': JSON.stringify(manifest),
    'hostile/postinstall.cjs': script,
  };
}

/** Installs it from the folder and runs its script, as `npm ci` with scripts would. */
export const installHostile = 'npm install --offline --no-audit --no-fund --foreground-scripts --install-links';
