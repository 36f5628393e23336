import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { createGitHubApi } from '../../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import { createGitRefsClaimStore } from '../../../../src/adapters/github/git-refs-claim-store.ts';
import { readTriggerEvent } from '../../../../src/adapters/github/trigger-event.ts';
import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';
import { admitEvent } from '../../../../src/flows/admit-event.ts';
import type { Admission, Gate } from '../../../../src/flows/gate.ts';
import { checkedSettings } from '../../../../src/runtime/checked-settings.ts';
import { parseRepositoryConfig } from '../../../../src/runtime/repository-config.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../../../contract/embedded-forge.fixture.ts';

const clock = createSystemClock();
const repository = { owner: 'octo', name: 'slug' };
const workflow = new URL('../../../../.github/workflows/agent.yml', import.meta.url);

/** The embedded GitHub and the gate as its job has it: with the permissions of the shipped workflow, and no others. */
export interface TriggerRoom extends AsyncDisposable {
  readonly at: EmbeddedForgeFixture;
  readonly issue: number;
  /** The payload that GitHub makes of a new comment. */
  comment(login: string, body: string): Promise<Readonly<Record<string, unknown>>>;
  /** What the gate makes of an event. */
  gate(name: string, payload: unknown): Promise<Admission>;
  /** Whether somebody holds the issue, and how many comments the gate has written. */
  left(): Promise<{ readonly claimed: boolean; readonly written: number }>;
}

/** Alice administers octo/slug, carol may only read; `config` is its `.github/entropy.yml`. */
export async function triggerRoom(config = ''): Promise<TriggerRoom> {
  const at = await embeddedForge({ 'README.md': '# slug\n', '.github/entropy.yml': config });
  const issue = await at.openIssue('carol', { title: 'It drops the last word', body: 'It does.' });
  const { jobs } = parse(await readFile(workflow, 'utf8'));
  const api = createGitHubApi({
    token: at.github.mintToken({ repository, permissions: jobs.gate.permissions }),
    repository,
    apiUrl: at.github.apiUrl,
    userAgent: 'attack',
    clock: { ...clock, sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
  });
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `01JD${String(ids).padStart(22, '0')}`;
  };
  const claims = createGitRefsClaimStore({ api, newId });
  const gate: Gate = {
    ...{ forge: createGitHubForge(api), claims, clock, newId, log: () => {}, version: '0.1.0' },
    settingsFrom: async (file, where) =>
      checkedSettings(file === undefined ? [] : [await parseRepositoryConfig(file, where)]).values,
  };
  return {
    at,
    issue,
    comment: async (login, body) => {
      const told = new Promise<Readonly<Record<string, unknown>>>((resolve) => {
        const stop = at.github.onEvent(({ name, payload }) => {
          if (name !== 'issue_comment') return;
          stop();
          resolve(JSON.parse(JSON.stringify(payload)));
        });
      });
      await at.commentAs(login, issue, body);
      return told;
    },
    gate: async (name, payload) =>
      admitEvent(gate, await readTriggerEvent({ name, payload }), AbortSignal.timeout(20_000)),
    left: async () => {
      const record = await claims.read(`github/octo/slug/issues/${issue}`);
      const comments = await at.forge.comments(issue);
      const written = comments.filter(({ author }) => author.endsWith('[bot]')).length;
      return { claimed: record?.state === 'held', written };
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}
