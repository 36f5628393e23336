import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGitHubApi, type GitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import {
  type EmbeddedGitHub,
  type RepositorySeed,
  startEmbeddedGitHub,
} from '../../src/embedded/github/embedded-github.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ForgeFixture } from './forge.contract.ts';

const systemClock = createSystemClock();
const repository = { owner: 'octo', name: 'slug' };
const permissions = {
  contents: 'write',
  issues: 'write',
  'pull-requests': 'write',
  actions: 'write',
  checks: 'read',
  statuses: 'read',
};

export interface EmbeddedForgeFixture extends ForgeFixture {
  readonly github: EmbeddedGitHub;
  /** A client with the token of a workflow job. */
  jobApi(clock?: Clock): GitHubApi;
  /** A client with a person's own token. */
  apiOf(login: string): GitHubApi;
}

/** The adapter over HTTP against the embedded GitHub, with `octo/slug` as the forge's contract wants it. */
export async function embeddedForge(
  files: Readonly<Record<string, string>>,
  merging: NonNullable<RepositorySeed['merging']> = {},
): Promise<EmbeddedForgeFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-forge-'));
  const source = join(folder, 'source');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  const github = await startEmbeddedGitHub({
    dataDir: join(folder, 'data'),
    clock: systemClock,
    users: [{ login: 'alice' }, { login: 'carol' }],
    repositories: [
      {
        ...repository,
        source: { kind: 'folder', path: source },
        collaborators: { alice: 'admin', carol: 'read' },
        merging,
      },
    ],
  });
  // People write when they like; pacing has its own test.
  const unpaced: Clock = { ...systemClock, sleep: async () => {} };
  const apiFor = (token: string, clock: Clock = unpaced) =>
    createGitHubApi({
      token,
      repository,
      apiUrl: github.apiUrl,
      userAgent: 'forge-contract',
      clock,
      signal: new AbortController().signal,
      log: () => {},
    });
  const people = new Map<string, GitHubApi>();
  const apiOf = (login: string): GitHubApi => {
    const api = people.get(login) ?? apiFor(github.userToken(login));
    people.set(login, api);
    return api;
  };
  const jobApi = (clock?: Clock) => apiFor(github.mintToken({ repository, permissions }), clock);

  return {
    github,
    jobApi,
    apiOf,
    forge: createGitHubForge(jobApi()),
    openIssue: async (login, issue) => {
      const route = 'POST /repos/{owner}/{repo}/issues';
      const made = await apiOf(login).send({ route, params: issue, purpose: 'open an issue' });
      return (made.data as { readonly number: number }).number;
    },
    commentAs: async (login, issue, body) => (await createGitHubForge(apiOf(login)).createComment(issue, body)).id,
    startRun: async () => {
      const { id } = github.runs.create({
        repository,
        workflowPath: '.github/workflows/agent.yml',
        name: 'agent',
        event: 'issue_comment',
        title: 'A run',
        headBranch: 'main',
        headSha: 'a'.repeat(40),
        actor: 'alice',
      });
      github.runs.update(id, { status: 'in_progress' });
      return id;
    },
    endRun: async (id) => github.runs.update(id, { status: 'completed', conclusion: 'cancelled' }),
    [Symbol.asyncDispose]: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
