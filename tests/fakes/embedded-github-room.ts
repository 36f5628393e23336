import { generateKeyPairSync } from 'node:crypto';
import {
  type EmbeddedGitHub,
  type EmbeddedGitHubOptions,
  type RepositorySeed,
  startEmbeddedGitHub,
} from '../../src/embedded/github/embedded-github.ts';
import type { Exchange } from '../../src/embedded/github/http/request-log.ts';
import type { GitHubEvent } from '../../src/embedded/github/state/github-event.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { type TempFolder, tempFolder } from './temp-folder.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
  readonly text: string;
}

export interface Ask {
  readonly body?: unknown;
  /** Alice's when absent; empty for none. */
  readonly token?: string;
  readonly accept?: string;
}

export interface GitHubRoom extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly clock: SimulatedClock;
  readonly folder: TempFolder;
  readonly events: GitHubEvent[];
  readonly exchanges: Exchange[];
  /** Private key of the App 77, installed (123) on octo's repositories. */
  readonly appKey: string;
  readonly tokens: { readonly octo: string; readonly alice: string; readonly bob: string; readonly carol: string };
  /** A workflow job's token for octo/slug. */
  job(permissions: Readonly<Record<string, string>>): string;
  ask(method: string, path: string, options?: Ask): Promise<Reply>;
  /** The head of a branch of octo/slug. */
  head(branch: string): Promise<string>;
  /** Puts files on a new or existing branch of octo/slug in one commit and returns it. */
  commit(branch: string, files: Readonly<Record<string, string | null>>, from?: string): Promise<string>;
}

export const seedFiles: Readonly<Record<string, string>> = {
  'README.md': '# slug\n\nReadable slugs.\n',
  'src/slugify.ts': Array.from({ length: 40 }, (_, index) => `export const line${index + 1} = ${index + 1};\n`).join(
    '',
  ),
  'src/other.ts': 'export const other = 1;\n',
  '.github/workflows/agent.yml': `name: agent
run-name: "agent on #\${{ inputs.issue }}"
on:
  workflow_dispatch:
    inputs:
      issue: { required: true }
      command: { default: fix }
  issue_comment:
jobs: {}
`,
  '.github/workflows/ci.yml': 'name: ci\non: push\njobs: {}\n',
};

/** One more of octo's, with the same files. */
export type MoreRepository = Pick<RepositorySeed, 'name' | 'private' | 'collaborators'>;

/** The embedded GitHub with four people of different rights, one public and one private repository, and one App. */
export async function gitHubRoom({
  besides = [],
  ...options
}: Partial<EmbeddedGitHubOptions> & { readonly besides?: readonly MoreRepository[] } = {}): Promise<GitHubRoom> {
  const folder = tempFolder(
    Object.fromEntries(Object.entries(seedFiles).map(([name, text]) => [`seed/${name}`, text])),
  );
  const clock = simulatedClock();
  const exchanges: Exchange[] = [];
  const events: GitHubEvent[] = [];
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const source = { kind: 'folder', path: `${folder.root}/seed` } as const;
  const github = await startEmbeddedGitHub({
    dataDir: `${folder.root}/data`,
    clock,
    users: [
      { login: 'octo' },
      { login: 'alice', name: 'Alice' },
      { login: 'bob' },
      { login: 'carol' },
      { login: 'tina' },
    ],
    teams: { 'octo/agents': ['alice'] },
    repositories: [
      { owner: 'octo', name: 'slug', source, collaborators: { alice: 'write', bob: 'read', tina: 'triage' } },
      { owner: 'octo', name: 'secret', private: true, source, collaborators: { alice: 'maintain' } },
      ...besides.map((seed) => ({ owner: 'octo', source, ...seed })),
    ],
    apps: [
      {
        ...{
          id: 77,
          slug: 'entropy',
          name: 'Entropy',
          owner: 'octo',
          key: privateKey,
          events: ['issues', 'issue_comment'],
        },
        installations: [
          {
            id: 123,
            account: 'octo',
            permissions: { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' },
          },
        ],
      },
    ],
    onExchange: (exchange) => exchanges.push(exchange),
    ...options,
  });
  github.onEvent((event) => events.push(event));
  const tokens = {
    octo: github.userToken('octo'),
    alice: github.userToken('alice'),
    bob: github.userToken('bob'),
    carol: github.userToken('carol'),
  };
  const ask = async (
    method: string,
    path: string,
    { body, token = tokens.alice, accept }: Ask = {},
  ): Promise<Reply> => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(accept === undefined ? {} : { accept }),
      },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('application/json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
  const repo = '/repos/octo/slug';
  const head = async (branch: string) => (await ask('GET', `${repo}/git/ref/heads/${branch}`)).json.object.sha;
  return {
    ...{ github, clock, folder, events, exchanges, appKey: privateKey, tokens, ask, head },
    job: (permissions) => github.mintToken({ repository: { owner: 'octo', name: 'slug' }, permissions }),
    commit: async (branch, files, from = 'main') => {
      const existing = await ask('GET', `${repo}/git/ref/heads/${branch}`);
      const parent: string = existing.status === 200 ? existing.json.object.sha : await head(from);
      const tree = Object.entries(files).map(([path, content]) =>
        content === null
          ? { path, mode: '100644', type: 'blob', sha: null }
          : { path, mode: '100644', type: 'blob', content },
      );
      const written = await ask('POST', `${repo}/git/trees`, { body: { base_tree: parent, tree } });
      const body = { message: `Change ${Object.keys(files).join(', ')}`, tree: written.json.sha, parents: [parent] };
      const { sha } = (await ask('POST', `${repo}/git/commits`, { body })).json;
      const moved =
        existing.status === 200
          ? await ask('PATCH', `${repo}/git/refs/heads/${branch}`, { body: { sha } })
          : await ask('POST', `${repo}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha } });
      if (moved.status >= 300) throw new Error(moved.text);
      return sha;
    },
    [Symbol.asyncDispose]: async () => {
      await github.close();
      folder[Symbol.dispose]();
    },
  };
}
