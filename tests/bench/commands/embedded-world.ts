import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { createGitHubApi, type GitHubApi } from '../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../src/adapters/github/forge.ts';
import { createGitRefsClaimStore } from '../../../src/adapters/github/git-refs-claim-store.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { commandActors } from './actors.ts';
import type { CommandWorld } from './world.ts';

const repository = { owner: 'octo', name: 'slug' };
/** What `agent.yml` gives the gate job, and the publish job's right to open pull requests. */
const permissions = {
  contents: 'write',
  issues: 'write',
  'pull-requests': 'write',
  actions: 'write',
  checks: 'read',
  statuses: 'read',
};
const people = commandActors.flatMap(({ actor, permission }) =>
  permission === undefined ? [] : [{ login: actor.login, permission }],
);

/** The embedded GitHub over HTTP, with claims in git refs. */
export async function embeddedWorld(): Promise<CommandWorld> {
  const clock = createSystemClock();
  // Pacing has tests of its own.
  const unpaced: Clock = { ...clock, sleep: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'commands-'));
  const source = join(folder, 'source');
  await mkdir(join(source, 'src'), { recursive: true });
  await writeFile(join(source, 'README.md'), '# slug\n');
  await writeFile(join(source, 'src', 'slugify.ts'), 'old\n');
  const collaborators = Object.fromEntries(
    people.flatMap(({ login, permission }) => (permission === 'none' ? [] : [[login, permission]])),
  );
  const github = await startEmbeddedGitHub({
    dataDir: join(folder, 'data'),
    clock,
    rateLimits: 'off',
    users: people.map(({ login }) => ({ login })),
    repositories: [{ ...repository, source: { kind: 'folder', path: source }, collaborators }],
  });
  const apiFor = (token: string): GitHubApi =>
    createGitHubApi({
      ...{ token, repository, apiUrl: github.apiUrl, clock: unpaced },
      userAgent: 'verify-commands',
      signal: new AbortController().signal,
      log: () => {},
    });
  const known = new Map<string, GitHubApi>();
  const apiOf = (login: string): GitHubApi => {
    // Bots have no key here; the event says who it was.
    const writer = login.endsWith('[bot]') ? 'alice' : login;
    const api = known.get(writer) ?? apiFor(github.userToken(writer));
    known.set(writer, api);
    return api;
  };
  const job = apiFor(github.mintToken({ repository, permissions }));
  const forge = createGitHubForge(job);
  const newId = (): string => ulid(clock.now());
  const send = (login: string, route: string, params: Readonly<Record<string, unknown>>) =>
    apiOf(login).send({ route, params, purpose: route });
  return {
    forge,
    claims: createGitRefsClaimStore({ api: job, newId }),
    clock: unpaced,
    newId,
    startRun: async () => {
      const head = { headBranch: 'main', headSha: 'a'.repeat(40) };
      const { id } = github.runs.create({
        ...{ repository, workflowPath: '.github/workflows/agent.yml', name: 'agent', event: 'issue_comment' },
        ...{ title: 'agent', actor: 'alice', ...head },
      });
      github.runs.update(id, { status: 'in_progress' });
      return id;
    },
    openIssue: async (login) => {
      const issue = { title: 'slugify drops the last word', body: 'It does.' };
      const made = await send(login, 'POST /repos/{owner}/{repo}/issues', issue);
      return (made.data as { readonly number: number }).number;
    },
    comment: (login, number, body) => createGitHubForge(apiOf(login)).createComment(number, body),
    close: async (issue_number) => {
      await send('alice', 'PATCH /repos/{owner}/{repo}/issues/{issue_number}', { issue_number, state: 'closed' });
    },
    lock: async (issue_number) => {
      await send('alice', 'PUT /repos/{owner}/{repo}/issues/{issue_number}/lock', { issue_number });
    },
    openPull: async (head) => {
      const made = await forge.createPullRequest({
        title: 'Keep the last word',
        body: '',
        head,
        base: 'main',
        draft: true,
      });
      if (made.kind !== 'created') throw new Error(`a second pull request of ${head}`);
      return made.pull.number;
    },
    [Symbol.asyncDispose]: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
