import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { WorkflowForm } from '../../src/domain/workflow-text.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../src/embedded/github/embedded-github.ts';
import type { RepositorySource } from '../../src/embedded/github/git/create-repository.ts';
import {
  type AgentWorkflowOptions,
  type AgentWorkflowRun,
  runAgentWorkflow,
} from '../../src/runtime/embedded-workflow.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
export const sampleFolder = path.join(packageRoot, 'examples', 'slug');

export type Payload = Readonly<Record<string, unknown>>;
type Json = Readonly<Record<string, unknown>>;

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly draft: boolean;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string };
}

export interface StageOptions {
  /** The sample when absent. */
  readonly source?: RepositorySource;
}

export interface RunRequest {
  readonly payload: Payload;
  readonly issue: number;
  readonly inputs: Readonly<Record<string, string>>;
  readonly form?: WorkflowForm;
  readonly coordinatorUrl?: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onEvent?: AgentWorkflowOptions['onEvent'];
  readonly onRunnerEvent?: NonNullable<AgentWorkflowOptions['onRunnerEvent']>;
}

/** The embedded GitHub with octo/slug, alice (admin) and carol (may read), and the local runner for its workflows. */
export interface Stage extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly root: string;
  /** A request of a person; throws unless GitHub takes it. `path` goes on from `/repos/octo/slug`. */
  send<Answer>(login: string, method: string, path: string, body?: Json): Promise<Answer>;
  openIssue(text?: { readonly title: string; readonly body: string }, login?: string): Promise<number>;
  /** Comments, and gives the payload of the event that GitHub makes of it. */
  comment(issue: number, body: string, login?: string): Promise<Payload>;
  comments(issue: number): Promise<readonly Comment[]>;
  /** The comments in which we track runs, oldest first. */
  trackings(issue: number): Promise<readonly string[]>;
  /** The newest of them; empty when there is none. */
  tracking(issue: number): Promise<string>;
  pulls(): Promise<readonly PullRequest[]>;
  branches(): Promise<readonly string[]>;
  /** Tree of a commit. */
  treeOf(sha: string): Promise<string>;
  claim(issue: number): Promise<{ readonly state: string; readonly fence: number } | undefined>;
  run(request: RunRequest): Promise<AgentWorkflowRun>;
}

export const repository = { owner: 'octo', name: 'slug' } as const;
const issueOfSample = { title: 'slugify drops the last word', body: 'It does when the limit falls on a separator.' };

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  if (!existsSync(path.join(packageRoot, 'actions/gate/dist/index.js'))) {
    throw new Error('the actions are not built: run node scripts/build.ts');
  }
  const folder = tempFolder();
  const github = await startEmbeddedGitHub({
    dataDir: path.join(folder.root, 'github'),
    clock: createSystemClock(),
    users: [{ login: 'alice', name: 'Alice' }, { login: 'carol' }],
    repositories: [
      {
        ...repository,
        source: options.source ?? { kind: 'folder', path: sampleFolder },
        collaborators: { alice: 'admin', carol: 'read' },
      },
    ],
  });
  const home = `${github.apiUrl}/repos/${repository.owner}/${repository.name}`;

  const send = async <Answer>(login: string, method: string, where: string, body?: Json): Promise<Answer> => {
    const response = await fetch(`${home}${where}`, {
      method,
      headers: { authorization: `Bearer ${github.userToken(login)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  const get = <Answer>(where: string) => send<Answer>('alice', 'GET', where);
  const comments = (issue: number) => get<readonly Comment[]>(`/issues/${issue}/comments?per_page=100`);
  const trackings = async (issue: number) =>
    (await comments(issue)).map(({ body }) => body).filter((body) => /op=tracking\b/.test(body));

  let runs = 0;
  return {
    github,
    root: folder.root,
    send,
    comments,
    openIssue: async (text = issueOfSample, login = 'alice') =>
      (await send<{ number: number }>(login, 'POST', '/issues', text)).number,
    comment: async (issue, body, login = 'alice') => {
      const told = Promise.withResolvers<Payload>();
      const stop = github.onEvent((event) => {
        if (event.name === 'issue_comment') told.resolve(JSON.parse(JSON.stringify(event.payload)));
      });
      await send(login, 'POST', `/issues/${issue}/comments`, { body });
      const payload = await told.promise;
      stop();
      return payload;
    },
    trackings,
    tracking: async (issue) => (await trackings(issue)).at(-1) ?? '',
    pulls: () => get<readonly PullRequest[]>('/pulls?state=all&per_page=100'),
    branches: async () => (await get<readonly { name: string }[]>('/branches?per_page=100')).map(({ name }) => name),
    treeOf: async (sha) => (await get<{ tree: { sha: string } }>(`/git/commits/${sha}`)).tree.sha,
    claim: async (issue) => {
      const refs = await get<readonly { object: { sha: string } }[]>(`/git/matching-refs/agents/claims/${issue}`);
      const sha = refs[0]?.object.sha;
      if (sha === undefined) return undefined;
      const { message } = await get<{ message: string }>(`/git/commits/${sha}`);
      const [, state = '', fence = ''] = /: (\w+), fence (\d+)/.exec(message) ?? [];
      return { state, fence: Number(fence) };
    },
    run: ({ signal, onEvent, secrets = {}, ...request }) => {
      runs += 1;
      const runFolder = path.join(folder.root, `run-${runs}`);
      mkdirSync(runFolder);
      return runAgentWorkflow(
        {
          ...request,
          github,
          repository,
          actor: 'alice',
          folder: runFolder,
          packageRoot,
          secrets,
          onEvent: onEvent ?? (() => {}),
        },
        signal ?? new AbortController().signal,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await github.close();
      folder[Symbol.dispose]();
    },
  };
}
