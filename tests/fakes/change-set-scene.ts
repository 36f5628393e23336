import type { ChangeSet } from '../../src/domain/change-set/change-set.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { QueuedDelivery } from '../../src/domain/dispatch/queued-message.ts';
import { markOf } from '../../src/domain/markers.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { DispatchRoom } from '../../src/flows/dispatch/dispatch-room.ts';
import { type TakenDelivery, takeDelivery } from '../../src/flows/dispatch/take-delivery.ts';
import { endRun } from '../../src/flows/end-run.ts';
import { type DispatchScene, dispatchableWorkflow, dispatchScene } from './dispatch-scene.ts';
import type { MoreRepository } from './embedded-github-room.ts';

export const lockMs = 60_000;
const message = { deliveries: 1, isLast: false, workId: 'work', lockMs };
const signal = new AbortController().signal;

export interface ChangeSetScene extends AsyncDisposable {
  readonly scene: DispatchScene;
  /** An issue in octo/slug with these last words. */
  open(words: string): Promise<number>;
  /** `/agent fix` by alice. */
  fix(issue: number, room?: DispatchRoom): Promise<TakenDelivery>;
  /** What came last, as a queue hands it out again. */
  again(): Promise<TakenDelivery>;
  /** Both at once; the issue's number. */
  ask(words: string, room?: DispatchRoom): Promise<number>;
  /** What a person writes on the set's issue. */
  say(issue: number, words: string): Promise<TakenDelivery>;
  set(issue: number): Promise<ChangeSet>;
  /** `slug working, app waiting` */
  states(issue: number): Promise<string>;
  /** As its publisher does: a branch, a pull request, the end in the books; and GitHub tells of the pull request. */
  deliver(issue: number, repository: string, room?: DispatchRoom): Promise<number>;
  /** The run of this member ends without anything. */
  fail(issue: number, repository: string, reason: string): Promise<void>;
  /** A person merges or closes it, and GitHub tells, or the delivery is lost. */
  end(repository: string, pull: number, how: 'merge' | 'close', tell?: DispatchRoom | 'quietly'): Promise<void>;
  /** The table as it stands on an issue or a pull request; undefined: there is none. */
  table(repository: string, number: number): Promise<string | undefined>;
  pull(repository: string, number: number): Promise<{ readonly draft: boolean; readonly state: string }>;
}

/** octo/slug, whose default branch lets its issues change octo/app and octo/web too, all with the App. */
export async function changeSetScene(
  besides: readonly MoreRepository[] = [
    { name: 'app', collaborators: { alice: 'write' } },
    { name: 'web', collaborators: { alice: 'write', bob: 'read' } },
  ],
): Promise<ChangeSetScene> {
  const scene = await dispatchScene(besides);
  const { github, clock, stores } = scene;
  const as = (token = github.tokens.octo) => ({ token });
  const put = async (repository: string, path: string, text: string): Promise<void> => {
    const at = `/repos/octo/${repository}/contents/${path}`;
    const before = await github.ask('GET', at, as());
    const sha = before.status === 200 ? { sha: before.json.sha } : {};
    const content = Buffer.from(text).toString('base64');
    const body = { message: `Write ${path}`, content, ...sha };
    const made = await github.ask('PUT', at, { body, ...as() });
    if (made.status >= 300) throw new Error(made.text);
  };
  for (const { name } of besides) await put(name, '.github/workflows/agent.yml', dispatchableWorkflow);
  await put('slug', '.github/entropy.yml', `change-sets: [${besides.map(({ name }) => `octo/${name}`).join(', ')}]\n`);

  let last: QueuedDelivery | undefined;
  const take = (delivery: QueuedDelivery, room = scene.room()) => {
    last = delivery;
    return takeDelivery(room, delivery, message, signal);
  };
  const setOf = async (issue: number): Promise<ChangeSet> => {
    const stored = await scene.room().connect({ owner: 'octo', name: 'slug' }).sets.read(issue);
    if (stored === undefined) throw new Error(`no set on #${issue}`);
    return stored.record;
  };
  const runOf = async (issue: number, repository: string) => {
    const member = (await setOf(issue)).members.find((each) => each.repository === `octo/${repository}`);
    const key = `github/octo/${repository}/issues/${member?.issue}`;
    const runId = (await stores.tasks.read(key))?.runId ?? '';
    const claim = await stores.claims.read(key);
    if (member?.issue === undefined || claim?.state !== 'held') throw new Error(`octo/${repository} is not at work`);
    const lease = { key, leaseId: claim.leaseId, fence: claim.fence, expiresAt: 0 };
    return { number: member.issue, runId, lease };
  };
  const endOf = async (
    issue: number,
    repository: string,
    end: { readonly outcome: Outcome; readonly reason: string },
  ) => {
    const { runId, lease } = await runOf(issue, repository);
    await endRun({ ...stores, clock }, { runId, lease, end: { ...end, spent: nothing }, actor: 'coder' });
  };
  const hear = async (repository: string, room?: DispatchRoom): Promise<void> => {
    const delivery = scene.lastDelivery('pull_request', `octo/${repository}`);
    const taken = await take(delivery, room);
    if (taken.kind !== 'done') throw new Error(JSON.stringify(taken));
  };
  const open = async (words: string): Promise<number> => {
    const body = `It is spelled wrong in both.\n\n${words}\n`;
    return (await github.ask('POST', '/repos/octo/slug/issues', { body: { title: 'rename slugify', body } })).json
      .number;
  };
  const fix: ChangeSetScene['fix'] = async (issue, room) => take(await scene.comment(issue, '/agent fix'), room);
  const say: ChangeSetScene['say'] = async (issue, words) => take(await scene.comment(issue, words));

  return {
    scene,
    say,
    set: setOf,
    open,
    fix,
    again: async () => {
      if (last === undefined) throw new Error('nothing came');
      return take(last);
    },
    ask: async (words, room) => {
      const issue = await open(words);
      await fix(issue, room);
      return issue;
    },
    states: async (issue) =>
      (await setOf(issue)).members.map(({ repository, state }) => `${repository.slice(5)} ${state}`).join(', '),
    deliver: async (issue, repository, room) => {
      const { number, runId, lease } = await runOf(issue, repository);
      const repo = `/repos/octo/${repository}`;
      const head = (await github.ask('GET', `${repo}/git/ref/heads/main`, as())).json.object.sha;
      const branch = `agent/${number}/f${lease.fence}-rename`;
      await github.ask('POST', `${repo}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha: head }, ...as() });
      const content = Buffer.from(runId).toString('base64');
      await github.ask('PUT', `${repo}/contents/src/new-${number}.ts`, {
        body: { message: 'new', content, branch },
        ...as(),
      });
      const task = await stores.objects.get(`runs/${runId}/task.json`);
      const { draft } = JSON.parse(await textOf(task?.body));
      const body = { title: 'Rename', head: branch, base: 'main', draft, body: `Closes #${number}` };
      const made = await github.ask('POST', `${repo}/pulls`, { body, ...as() });
      if (made.status !== 201) throw new Error(made.text);
      const pullRequest: number = made.json.number;
      const ended = { spent: nothing, branch, pullRequest };
      const end = { outcome: 'succeeded', reason: `Pull request #${pullRequest}.`, ...ended } as const;
      await endRun({ ...stores, clock }, { runId, lease, end, actor: 'coder' });
      await hear(repository, room);
      return pullRequest;
    },
    fail: (issue, repository, reason) => endOf(issue, repository, { outcome: 'failed', reason }),
    end: async (repository, pull, how, tell) => {
      const at = `/repos/octo/${repository}/pulls/${pull}`;
      if (how === 'merge') {
        const { forge } = scene.room().connect({ owner: 'octo', name: repository });
        await forge.reviews.markReady(pull);
        const merged = await github.ask('PUT', `${at}/merge`, { body: {}, ...as() });
        if (merged.status !== 200) throw new Error(merged.text);
      } else await github.ask('PATCH', at, { body: { state: 'closed' }, ...as() });
      if (tell !== 'quietly') await hear(repository, tell);
    },
    table: async (repository, number) => {
      const path = `/repos/octo/${repository}/issues/${number}/comments?per_page=100`;
      const comments: { body: string }[] = (await github.ask('GET', path, as())).json;
      const tables = comments.filter(({ body }) => markOf(body)?.op === 'change-set');
      if (tables.length > 1) throw new Error(`${tables.length} tables on octo/${repository}#${number}`);
      return tables[0]?.body;
    },
    pull: async (repository, number) =>
      (await github.ask('GET', `/repos/octo/${repository}/pulls/${number}`, as())).json,
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
