import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitLine } from '../adapters/git/git-command.ts';
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
  const url = `${serverUrl}/${repository}.git`;
  const gitDir = join(path, '.git');
  await mkdir(gitDir, { recursive: true });
  const bare = { gitDir, path: hostPath };
  const place = { ...bare, workTree: path };
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  const config = { [`http.${url}.extraHeader`]: `Authorization: basic ${credential}`, 'http.followRedirects': 'false' };
  const depth = fetchDepth === 0 ? [] : [`--depth=${fetchDepth}`];
  const fetchArgs = ['-c', 'protocol.http.allow=always', 'fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    await git({ args: ['init', '--quiet', '--template='], place, signal });
    await git({ args: ['remote', 'add', 'origin', url], place: bare, signal });
    await git({ args: [...fetchArgs, ...depth, 'origin', ref], place: bare, config, signal });
    await git({ args: ['checkout', '--quiet', '--detach', 'FETCH_HEAD'], place, signal });
    return { commit: await gitLine({ args: ['rev-parse', 'HEAD'], place: bare, signal }) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new EntropyError({
      code: 'E801',
      message: `checkout of ${repository} at ${ref} failed`,
      fix: 'look at the cause below; the embedded GitHub serves the repository that was seeded',
      cause,
    });
  }
}
