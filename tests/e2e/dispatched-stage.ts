import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createFileAppKey } from '../../src/adapters/filesystem/app-key-file.ts';
import { createFolderObjectStore } from '../../src/adapters/filesystem/folder-object-store.ts';
import { createForgeApp } from '../../src/adapters/github/forge-app.ts';
import { readTriggerEvent } from '../../src/adapters/github/trigger-event.ts';
import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { defaultRunnerEvents } from '../../src/domain/access/runner-policy.ts';
import { requestNames } from '../../src/domain/dispatch/request-names.ts';
import { taskFileKey } from '../../src/domain/dispatch/run-files.ts';
import { dispatchedWorkflowText } from '../../src/domain/dispatched-workflow-text.ts';
import { mergeSettings, type Settings } from '../../src/domain/settings.ts';
import { trustedWorkflows } from '../../src/domain/shipped-workflow.ts';
import type { Task } from '../../src/domain/task.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../src/embedded/github/embedded-github.ts';
import { admitEvent } from '../../src/flows/admit-event.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';
import { type DispatchRunner, startDispatchRunner } from '../../src/runtime/embedded-dispatch.ts';
import { connectGitHub } from '../../src/runtime/github.ts';
import { sha256Hex, taskText } from '../../src/runtime/hand-over.ts';
import type { LogEntry } from '../../src/server/app-options.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { packageRoot, repository, sampleFolder } from './stage.ts';

export const runners = { owner: 'octo', name: 'agents' } as const;
export const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;

export interface Asked {
  readonly command?: string;
  /** One that is there. */
  readonly issue?: number;
  readonly settings?: Partial<Settings>;
}

export interface DispatchedStage extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  /** The App's private key, PEM. */
  readonly keyFile: string;
  readonly store: Coordination;
  readonly objects: ObjectStore;
  readonly runner: DispatchRunner;
  readonly log: readonly LogEntry[];
  /** As alice. */
  send<Answer>(method: string, where: string, body?: unknown): Promise<Answer>;
  /** What the dispatcher does with a command (`/agent fix` on a new issue), up to the workflow run that GitHub starts for it. */
  dispatch(model: string, asked?: Asked): Promise<{ readonly task: Task; readonly workflowRun: number | undefined }>;
  /** Names of the files that the coordinator keeps of a run. */
  artifacts(runId: string): Promise<readonly string[]>;
  /** The workflow once more for a run. */
  start(runId: string): Promise<number | undefined>;
}

/** The embedded GitHub with an App, a coordinator that dispatches, and a runner that takes what is dispatched. */
export async function openDispatchedStage(
  place: 'own-repository' | 'central' = 'own-repository',
  /** Repositories of octo like octo/slug. */
  besides: readonly string[] = [],
): Promise<DispatchedStage> {
  const folder = tempFolder();
  const clock = createSystemClock();
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyFile = path.join(folder.root, 'app.pem');
  writeFileSync(keyFile, privateKey);
  const permissions = { actions: 'write', contents: 'write', issues: 'write', pull_requests: 'write' };
  const github = await startEmbeddedGitHub({
    dataDir: path.join(folder.root, 'github'),
    clock,
    users: [{ login: 'alice', name: 'Alice' }],
    repositories: [
      ...[repository.name, ...besides].map((name) => ({
        ...{ owner: repository.owner, name, private: true, collaborators: { alice: 'admin' } as const },
        source: { kind: 'folder', path: sampleFolder } as const,
      })),
      { ...runners, source: { kind: 'empty' }, collaborators: { alice: 'admin' } },
    ],
    apps: [
      {
        ...{ id: 77, slug: 'agents', name: 'Agents', owner: 'octo', key: privateKey },
        installations: [{ id: 123, account: 'octo', permissions }],
      },
    ],
  });
  const stateFile = path.join(folder.root, 'coordinator.db');
  const objects = createFolderObjectStore({ folder: path.join(folder.root, 'objects'), clock });
  const lasting = new AbortController().signal;
  const calls = { apiUrl: github.apiUrl, userAgent: 'test', clock, signal: lasting, log: () => undefined };
  const app = createForgeApp({ ...calls, appId: 77, key: createFileAppKey(keyFile) });
  const log: LogEntry[] = [];
  const coordinator = await startCoordinator({
    stateFile,
    host: '127.0.0.1',
    port: 0,
    adminKey: 'if-none',
    addressFrom: 'socket',
    log: (entry) => log.push(entry),
    oidc: {
      issuer: github.idTokenIssuer,
      policy: {
        repositories: [{ glob: 'octo/*' }],
        workflows: [],
        events: defaultRunnerEvents,
        ...(place === 'central' && { central: { repository: 'octo/agents', owners: ['octo'] } }),
      },
    },
    dispatch: { objects, app, workflows: trustedWorkflows, serverUrl: github.url },
  });
  const store: Coordination = sqliteCoordination(openDatabase({ path: stateFile, clock }));
  const runner = startDispatchRunner({ github, folder: path.join(folder.root, 'runs'), packageRoot, secrets: {} });

  const send = async <Answer>(method: string, where: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${github.apiUrl}/repos${where}`, {
      method,
      headers: { authorization: `Bearer ${github.userToken('alice')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  const started = place === 'central' ? runners : repository;
  const homes = place === 'central' ? [runners.name] : [repository.name, ...besides];
  const workflow = dispatchedWorkflowText({ coordinatorUrl: coordinator.url, place });
  for (const home of homes) {
    await send('PUT', `/octo/${home}/contents/.github/workflows/agent.yml`, {
      message: 'Let agents work here',
      content: Buffer.from(workflow).toString('base64'),
      branch: 'main',
    });
  }

  const connect = async (to: { readonly owner: string; readonly name: string }) => {
    const { token } = await app.mintToken(123);
    return connectGitHub(
      { token, repository: to, apiUrl: github.apiUrl, log: () => undefined, author: app.author },
      lasting,
    );
  };
  const start = async (run: string): Promise<number | undefined> => {
    const { workflows } = await connect(started);
    const dispatched = await workflows.dispatch({ workflow: 'agent.yml', ref: 'main', inputs: { run, traceparent } });
    if (dispatched.kind === 'refused') throw new Error(dispatched.reason);
    return dispatched.started?.id;
  };
  return {
    ...{ github, keyFile, store, objects, runner, log, send, start },
    artifacts: async (runId) => {
      const headers = { authorization: `Bearer ${coordinator.adminKey}` };
      const answer = await fetch(`${coordinator.url}/v1/runs/${runId}/artifacts`, { headers });
      const { artifacts } = (await answer.json()) as { artifacts: readonly { name: string }[] };
      return artifacts.map(({ name }) => name);
    },
    dispatch: async (model, { command = '/agent fix', issue: known, settings } = {}) => {
      const issueText = { title: 'slugify drops the last word', body: 'It does when the limit falls on a separator.' };
      const issue =
        known === undefined
          ? await send<{ number: number }>('POST', '/octo/slug/issues', issueText)
          : { number: known };
      const heard = Promise.withResolvers<unknown>();
      const stop = github.onEvent((event) => {
        if (event.name === 'issue_comment') heard.resolve(JSON.parse(JSON.stringify(event.payload)));
      });
      await send('POST', `/octo/slug/issues/${issue.number}/comments`, { body: command });
      const event = await readTriggerEvent({ name: 'issue_comment', payload: await heard.promise });
      stop();
      const names = requestNames({ receivedAt: clock.now(), bodySha256: sha256Hex(command) }, 0);
      const { tasks, runs, budgets, claims } = store;
      const admission = await admitEvent(
        {
          ...(await connect(repository)),
          claims,
          books: { tasks, runs, budgets },
          dispatch: { ...names, traceparent },
          log: () => undefined,
          settingsFrom: async () => mergeSettings([{ source: 'input', values: { model, ...settings } }]).values,
          version: 'test',
        },
        event,
        lasting,
      );
      if (admission.kind !== 'admitted') throw new Error(`${admission.kind}: ${JSON.stringify(admission)}`);
      const { task } = admission;
      const bytes = Buffer.from(taskText(task));
      await objects.put(taskFileKey(task.runId) ?? '', bytes, { contentType: 'application/json', ifAbsent: true });
      return { task, workflowRun: await start(task.runId) };
    },
    [Symbol.asyncDispose]: async () => {
      await runner[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await coordinator.close();
      await github.close();
      folder[Symbol.dispose]();
    },
  };
}
