import { createHash } from 'node:crypto';
import { defaultRunnerEvents, type RunnerPolicy } from '../../src/domain/access/runner-policy.ts';
import { taskFileKey } from '../../src/domain/dispatch/run-files.ts';
import { trustedWorkflows } from '../../src/domain/shipped-workflow.ts';
import { openRun } from '../../src/flows/open-run.ts';
import type { DispatchParts } from '../../src/server/app-options.ts';
import { sampleAgent, sampleIssue } from './coordination-samples.ts';
import { type Answer, coordinatorScene, type Scene } from './coordinator-scene.ts';
import { jobClaims, type OidcIssuer } from './oidc-issuer.ts';

export const shippedWorkflow =
  'entropy-playground/entropy-playground/.github/workflows/agent-dispatched.yml@refs/tags/v1';

/** What GitHub says about a job of the dispatched workflow in octo/slug. */
export const dispatchedJob = {
  run_id: '900',
  run_attempt: '1',
  event_name: 'workflow_dispatch',
  job_workflow_ref: shippedWorkflow,
};

export interface DispatchedScene extends AsyncDisposable {
  readonly scene: Scene;
  /** What the App was asked for, in order. */
  readonly mints: { readonly installation: number; readonly scope: unknown }[];
  /** Puts a run into the books as the dispatcher does: claimed, queued, its task.json among the files. */
  dispatch(run: string, options?: { readonly repository?: string; readonly issue?: number }): Promise<string>;
  /** As a job with these claims in its token. */
  as(claims: Readonly<Record<string, string>>): Job;
  /** Changes the file of a run. */
  readonly files: Map<string, string>;
}

export interface Job {
  pickUp(run: string): Promise<Answer>;
  token(run: string, purpose?: string): Promise<Answer>;
  ask: Scene['ask'];
}

/** `01…`: a ULID that ends with these characters. */
export function ulidOf(end: string): string {
  return `01JD${'0'.repeat(22 - end.length)}${end}`;
}

/** A coordinator that dispatches, with an issuer's tokens, files in memory and an App that is installed on octo and acme. */
export function dispatchedScene(issuer: OidcIssuer, more: Partial<RunnerPolicy> = {}): DispatchedScene {
  const files = new Map<string, string>();
  const mints: { installation: number; scope: unknown }[] = [];
  const objects: DispatchParts['objects'] = {
    get: async (key) => {
      const text = files.get(key);
      if (text === undefined) return undefined;
      const bytes = Buffer.from(text);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const stored = { contentType: 'application/json', metadata: {}, tags: {}, storedAt: 1, version: '1' };
      return {
        object: { key, bytes: bytes.length, sha256, ...stored },
        body: (async function* () {
          yield bytes;
        })(),
      };
    },
  };
  const app: NonNullable<DispatchParts['app']> = {
    author: async () => 'entropy[bot]',
    installationOf: async ({ owner }) =>
      owner === 'uninstalled'
        ? undefined
        : { id: 123, account: owner, accountId: '9', suspended: owner === 'suspended' },
    mintToken: async (installation, scope) => {
      mints.push({ installation, scope });
      return { token: `ghs_token${mints.length}`, expiresAt: 3_600_000 };
    },
  };
  const scene = coordinatorScene({
    oidc: {
      issuer: issuer.url,
      audience: jobClaims.aud,
      policy: {
        repositories: ['octo/*', 'acme/*', 'uninstalled/*', 'suspended/*'].map((glob) => ({ glob })),
        workflows: [],
        events: defaultRunnerEvents,
        ...more,
      },
    },
    dispatch: { objects, app, workflows: trustedWorkflows, serverUrl: 'https://github.com' },
  });
  const { claims, tasks, runs } = scene.coordination;
  return {
    scene,
    mints,
    files,
    dispatch: async (run, { repository = 'octo/slug', issue = 1 } = {}) => {
      const key = `github/${repository}/issues/${issue}`;
      const [owner = '', name = ''] = repository.split('/');
      await tasks.mirror(sampleIssue(issue, { repository }), 'test');
      const agent = sampleAgent(run);
      const granted = await claims.acquire({
        key,
        holder: { owner: agent.id, runId: run, kind: 'agent', reason: '', agent },
        leaseId: `lease-${run}`,
        ttlMs: 3_600_000,
        holderIsDead: async () => false,
      });
      if (granted.kind !== 'granted') throw new Error(granted.kind);
      await openRun({ tasks, runs, clock: scene.clock }, { runId: run, agent, lease: granted.lease });
      const text = `${JSON.stringify({ schema: 1, runId: run, repository: { owner, name }, lease: granted.lease }, null, 2)}\n`;
      const file = taskFileKey(run);
      if (file !== undefined) files.set(file, text);
      return text;
    },
    as: (told) => {
      const ask: Scene['ask'] = async (method, path, options = {}) =>
        scene.ask(method, path, { ...options, token: await issuer.token(scene.clock.now(), told) });
      return {
        ask,
        pickUp: (run) => ask('POST', `/v1/runs/${encodeURIComponent(run)}/pick-up`),
        token: (run, purpose = 'publish') =>
          ask('POST', `/v1/runs/${encodeURIComponent(run)}/token`, { body: { purpose } }),
      };
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}
