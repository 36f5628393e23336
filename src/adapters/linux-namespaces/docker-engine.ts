import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { emptyImage } from '../../domain/docker-arguments.ts';
import { EntropyError } from '../../domain/error.ts';
import { trustedProgram } from './trusted-program.ts';

/** An engine that hangs must not hold up the next rung for long. */
const requestMs = 15_000;

/** An engine on this machine, asked through its own program without any of the user's settings or log-ins. */
export interface DockerEngine {
  readonly program: string;
  readonly config: string;
  readonly host: string;
  readonly version: string;
  /** The engine runs as this user, in a user namespace: inside, this user is root of it. */
  readonly rootless: boolean;
  /** Of another kind than the usual: a kernel of its own for each container. */
  readonly runtime: string | undefined;
}

/** Its own socket, then that of an engine which this user runs. */
export function engineSockets(): readonly string[] {
  return ['/var/run/docker.sock', `/run/user/${process.getuid?.() ?? 0}/docker.sock`];
}

/** `config` is an empty folder: the user's own settings name registries, plug-ins and log-ins. */
export async function findEngine(
  { sockets, config }: { readonly sockets: readonly string[]; readonly config: string },
  signal: AbortSignal,
): Promise<DockerEngine> {
  const program = trustedProgram('docker');
  if (program === undefined) throw engineFault('docker not found');
  const socket = sockets.find((path) => existsSync(path));
  if (socket === undefined) throw engineFault(`no engine listens at ${sockets.join(' or ')}`);
  const client = { program, config, host: `unix://${socket}` };
  const info = parseInfo(await askEngine(client, ['info', '--format', '{{json .}}'], signal));
  return {
    ...client,
    version: info.version,
    rootless: info.security.includes('rootless'),
    runtime: info.runtimes.includes('runsc') ? 'runsc' : undefined,
  };
}

export type EngineClient = Pick<DockerEngine, 'program' | 'config' | 'host'>;

/** What comes before the words of a request. */
export function clientArguments({ config, host }: EngineClient): readonly string[] {
  return ['--config', config, '--host', host];
}

export function askEngine(client: EngineClient, words: readonly string[], signal: AbortSignal): Promise<string> {
  return ask({ client, words }, signal);
}

/** An image with nothing in it, made here: no registry is asked for anything. */
export async function ensureImage(engine: DockerEngine, signal: AbortSignal): Promise<void> {
  const listed = await askEngine(engine, ['image', 'ls', '--quiet', emptyImage], signal);
  if (listed.trim() !== '') return;
  // An archive without entries is two empty blocks.
  const input = new Uint8Array(1024);
  await ask({ client: engine, words: ['import', '-', emptyImage], input }, signal);
}

export function engineFault(reason: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E400',
    message: `the container engine cannot be used: ${reason}`,
    fix: 'run `entropy-playground doctor`, and see docs/sandbox.md, "When it does not start"',
    cause,
  });
}

interface Asking {
  readonly client: EngineClient;
  readonly words: readonly string[];
  readonly input?: Uint8Array;
}

async function ask({ client, words, input }: Asking, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    client.program,
    [...clientArguments(client), ...words],
    { env: {}, cwd: '/', timeout: requestMs, signal, maxBuffer: 1024 ** 2 },
    (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(engineFault(stderr.trim().slice(0, 500) || error.message, error));
    },
  );
  child.stdin?.on('error', () => {
    // It ended before it read its input; its exit code says why.
  });
  child.stdin?.end(input);
  return await promise;
}

function parseInfo(text: string) {
  const info: unknown = JSON.parse(text);
  const record = typeof info === 'object' && info !== null ? (info as Readonly<Record<string, unknown>>) : {};
  const { ServerVersion: version, SecurityOptions: security, Runtimes: runtimes, ServerErrors: errors } = record;
  // A client that reaches no engine still prints what it knows of itself.
  if (Array.isArray(errors) && errors.length > 0) throw engineFault(String(errors[0]));
  if (typeof version !== 'string' || version === '') throw engineFault('it did not say its version');
  return {
    version,
    security: Array.isArray(security) ? security.join(' ') : '',
    runtimes: typeof runtimes === 'object' && runtimes !== null ? Object.keys(runtimes) : [],
  };
}
