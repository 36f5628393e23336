import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import { readTriggerEvent } from '../../src/adapters/github/trigger-event.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { openRunOfTask } from '../../src/domain/open-run.ts';
import { mergeSettings } from '../../src/domain/settings.ts';
import { admitEvent } from '../../src/flows/admit-event.ts';
import { closeRun } from '../../src/flows/close-run.ts';
import type { Admission, Gate } from '../../src/flows/gate.ts';
import { parseRepositoryConfig } from '../../src/runtime/repository-config.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../contract/embedded-forge.fixture.ts';

const clock = createSystemClock();
const repository = { owner: 'octo', name: 'slug' };

/** The gate as its job has it: the token has what `agent.yml` gives the job, and nothing else. */
async function gateJob(at: EmbeddedForgeFixture, permissions?: Readonly<Record<string, string>>) {
  const runId = await at.startRun();
  const api = createGitHubApi({
    token: at.github.mintToken({ repository, permissions: permissions ?? (await gatePermissions()) }),
    repository,
    apiUrl: at.github.apiUrl,
    userAgent: 'gate-test',
    clock,
    signal: new AbortController().signal,
    log: () => {},
  });
  let ids = 0;
  const newId = () => `01JD${runId}X${ids++}`;
  const gate: Gate = {
    forge: createGitHubForge(api),
    claims: createGitRefsClaimStore({ api, newId }),
    clock,
    newId,
    log: () => {},
    settingsFrom: async (file, where) =>
      mergeSettings(file === undefined ? [] : [await parseRepositoryConfig(file, where)]).values,
    version: '0.1.0',
    workflowRun: { id: runId, attempt: 1, url: `${at.github.url}/octo/slug/actions/runs/${runId}` },
  };
  return { gate, runId };
}

async function gatePermissions(): Promise<Readonly<Record<string, string>>> {
  const workflow = parse(await readFile(new URL('../../.github/workflows/agent.yml', import.meta.url), 'utf8'));
  return workflow.jobs.gate.permissions;
}

/** Does something as a person and admits the event that GitHub makes of it, payload and all. */
async function admitWhatHappens(at: EmbeddedForgeFixture, gate: Gate, act: () => Promise<unknown>): Promise<Admission> {
  const event = new Promise<{ name: string; payload: unknown }>((resolve) => {
    const stop = at.github.onEvent((told) => {
      stop();
      resolve({ name: told.name, payload: JSON.parse(JSON.stringify(told.payload)) });
    });
  });
  await act();
  return admitEvent(gate, await readTriggerEvent(await event), new AbortController().signal);
}

const config = 'test: npm test\nlimits:\n  max-cost-usd: 1.50\n';

describe('the gate against the embedded GitHub', () => {
  it('admits a comment with nothing but the permissions of its job, in a few seconds', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n', '.github/entropy.yml': config });
    const number = await at.openIssue('carol', { title: 'slugify drops the last word', body: 'It does.' });
    const { gate } = await gateJob(at);
    const started = performance.now();
    const admission = await admitWhatHappens(at, gate, () => at.commentAs('alice', number, '/agent fix'));
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(admission).toMatchObject({
      kind: 'admitted',
      task: {
        requestedBy: { login: 'alice', permission: 'admin' },
        budget: { maxCostMicroUsd: 1_500_000 },
        testCommand: 'npm test',
        lease: { key: `github/octo/slug/issues/${number}`, fence: 1 },
      },
    });
    const requests = Object.values(gate.forge.requestCounts()).reduce((sum, count) => sum + count, 0);
    expect(requests).toBeLessThanOrEqual(20);
    const [command, tracking, ...rest] = await gate.forge.comments(number);
    expect(rest).toEqual([]);
    expect(command?.body).toBe('/agent fix');
    expect(tracking?.body).toContain('coder is working on this · fence 1');
  });

  it('tells who may not, by the permission that GitHub reports', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const number = await at.openIssue('carol', { title: 't', body: 'b' });
    const { gate } = await gateJob(at);
    const admission = await admitWhatHappens(at, gate, () => at.commentAs('carol', number, '/agent fix'));
    expect(admission).toMatchObject({ kind: 'refused', reason: 'actor', commented: true });
    expect((await gate.forge.comments(number)).at(-1)?.body).toContain('@carol may not start agents here (read access');
  });

  it('starts with a label, hands over after a dead run, and closes what that left', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const number = await at.openIssue('alice', { title: 't', body: 'b' });
    const first = await gateJob(at);
    const labelled = await admitWhatHappens(at, first.gate, () =>
      at.apiOf('alice').send({
        route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
        params: { issue_number: number, labels: ['agent'] },
        purpose: 'label',
      }),
    );
    expect(labelled).toMatchObject({ kind: 'admitted', task: { lease: { fence: 1 } } });

    const second = await gateJob(at);
    const refused = await admitWhatHappens(at, second.gate, () => at.commentAs('alice', number, '/agent fix'));
    expect(refused).toMatchObject({ kind: 'refused', reason: 'claimed' });

    await at.endRun(first.runId);
    const third = await gateJob(at);
    const admitted = await admitWhatHappens(at, third.gate, () => at.commentAs('alice', number, '/agent retry'));
    if (admitted.kind !== 'admitted') throw new Error(JSON.stringify(admitted));
    expect(admitted.task.lease.fence).toBe(2);
    const bodies = (await third.gate.forge.comments(number)).map(({ body }) => body);
    expect(bodies[0]).toContain('coder failed');
    expect(bodies.filter((body) => body.includes('is working on this'))).toHaveLength(1);

    const end = { kind: 'stopped', reason: 'The job was cancelled.' } as const;
    expect(await closeRun(third.gate, openRunOfTask(admitted.task), end)).toEqual({
      comment: 'closed',
      claim: 'released',
    });
  });

  it('names the permission when the job has too few', async () => {
    await using at = await embeddedForge({ 'README.md': '# slug\n' });
    const number = await at.openIssue('alice', { title: 't', body: 'b' });
    const { gate } = await gateJob(at, { contents: 'write', issues: 'read', 'pull-requests': 'read', actions: 'read' });
    const pending = admitWhatHappens(at, gate, () => at.commentAs('alice', number, '/agent fix'));
    await expect(pending).rejects.toMatchObject({ code: 'E204', fix: expect.stringContaining('issues: write') });
  });
});
