import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EntropyError } from '../domain/error.ts';
import type { CheckoutRequest, Resolver, WorkflowIdentity } from '../embedded/runner/run-options.ts';

/** Where the shipped workflow lives on GitHub. */
export const ownRepository = 'entropy-playground/entropy-playground';

export interface ResolverOptions {
  /** Folder of this package. */
  readonly packageRoot: string;
  /** `http://127.0.0.1:4711`; repositories are fetched from it as a runner would. */
  readonly serverUrl: string;
  readonly hostPath: string;
}

const run = promisify(execFile);

/** Answers what a workflow names: our own actions and workflow from this package, code from the embedded GitHub. */
export function createEmbeddedResolver(options: ResolverOptions): Resolver {
  const { packageRoot } = options;
  return {
    async checkout(request, signal) {
      if (request.repository.toLowerCase() === ownRepository) return copyOwnActions(packageRoot, request);
      return fetchCommit(options, request, signal);
    },
    async action(uses) {
      const [name = ''] = uses.split('@');
      const folder = name.startsWith('entropy-playground/')
        ? join(packageRoot, 'actions', name.split('/')[1] ?? '')
        : '';
      return folder !== '' && existsSync(join(folder, 'action.yml')) ? folder : undefined;
    },
    async workflow(uses, from) {
      const [name = '', ref = ''] = uses.split('@');
      const own = name.toLowerCase().startsWith(`${ownRepository}/`);
      const path = own ? name.slice(ownRepository.length + 1) : uses.replace(/^\.\//, '');
      const local = uses.startsWith('./') && from.repository === ownRepository;
      if (!own && !local) return undefined;
      const text = await readFile(join(packageRoot, path), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : { path, text, identity: own ? ownIdentity(ref) : from };
    },
  };
}

/** The sources on this machine have no commit that GitHub knows, so the name of the ref stands for one. */
function ownIdentity(ref: string): WorkflowIdentity {
  return { repository: ownRepository, sha: ref, ref: `refs/tags/${ref}` };
}

/** What a sparse checkout of `actions/` from a release gives: manifests and bundles. */
async function copyOwnActions(packageRoot: string, { path, ref }: CheckoutRequest): Promise<{ commit: string }> {
  for (const name of ['gate', 'agent', 'publish', 'coder', 'setup-sandbox']) {
    const source = join(packageRoot, 'actions', name);
    const target = join(path, 'actions', name);
    await mkdir(target, { recursive: true });
    for (const part of ['action.yml', 'dist']) {
      if (existsSync(join(source, part))) await cp(join(source, part), join(target, part), { recursive: true });
    }
  }
  return { commit: ref ?? '' };
}

/** A fetch of one commit over HTTP with the job's token, as actions/checkout does it. */
async function fetchCommit(
  { serverUrl, hostPath }: ResolverOptions,
  request: CheckoutRequest,
  signal: AbortSignal,
): Promise<{ commit: string }> {
  const { path, repository, ref = 'HEAD', token, fetchDepth } = request;
  await mkdir(path, { recursive: true });
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  // In the environment, not in an argument that any process could read, nor in the repository's configuration.
  const env = {
    PATH: hostPath,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: basic ${credential}`,
  };
  const git = async (...args: string[]): Promise<string> => {
    try {
      return (await run('git', args, { cwd: path, env, signal, maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
    } catch (cause) {
      throw new EntropyError({
        code: 'E801',
        message: `checkout of ${repository} at ${ref}: git ${args[0]} failed`,
        fix: 'look at the cause below; the embedded GitHub serves the repository that was seeded',
        cause,
      });
    }
  };
  await git('init', '--quiet');
  await git('remote', 'add', 'origin', `${serverUrl}/${repository}.git`);
  const depth = fetchDepth === 0 ? [] : [`--depth=${fetchDepth}`];
  await git('fetch', '--quiet', '--no-tags', '--no-recurse-submodules', ...depth, 'origin', ref);
  await git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
  return { commit: await git('rev-parse', 'HEAD') };
}
