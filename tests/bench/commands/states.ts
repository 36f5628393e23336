import { noUsage } from '../../../src/domain/budget.ts';
import type { CommandPlace } from '../../../src/domain/command-table.ts';
import type { ChangePlan, WordPlan } from '../../../src/domain/held/plan.ts';
import { shownPlan } from '../../../src/domain/held/plan-name.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import type { Settings } from '../../../src/domain/settings.ts';
import { startTeam } from '../../../src/domain/stages/start-team.ts';
import type { TeamRecord } from '../../../src/domain/stages/team-record.ts';
import type { Task } from '../../../src/domain/task.ts';
import { admitEvent } from '../../../src/flows/admit-event.ts';
import { blobId } from '../../../src/flows/blob-id.ts';
import { holdPlan, planFrame } from '../../../src/flows/hold-plan.ts';
import type { PublishRun } from '../../../src/flows/publish-run.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import { issueAuthor } from './actors.ts';
import { type CommandWorld, gateOf } from './world.ts';

/** Where a conversation stands when somebody writes a command under it. */
export interface CommandState {
  readonly name: string;
  readonly place: CommandPlace;
  readonly settings?: Partial<Settings>;
  /** Number of the conversation, and the hash that an approval would name. */
  prepare(world: CommandWorld): Promise<Prepared>;
}

export interface Prepared {
  readonly number: number;
  readonly hash?: string;
  /** As the gate sees GitHub, where the world cannot make it so. */
  readonly forge?: Forge;
}

const signal = (): AbortSignal => AbortSignal.timeout(60_000);
const team = { teamStages: ['read', 'plan', 'code', 'test', 'review'] } as const satisfies Partial<Settings>;

export const commandStates: readonly CommandState[] = [
  { name: 'nobody works', place: 'issue', prepare: async (world) => ({ number: await world.openIssue(issueAuthor) }) },
  {
    name: 'an agent works',
    place: 'issue',
    prepare: async (world) => {
      const number = await world.openIssue(issueAuthor);
      await startRun(world, number, 'fix');
      return { number };
    },
  },
  { name: 'a change waits for approval', place: 'issue', prepare: heldChange },
  { name: 'a plan waits for approval', place: 'issue', prepare: heldPlan },
  {
    name: 'an agent’s pull request is open',
    place: 'issue',
    prepare: async (world) => ({ number: (await ownPull(world)).issue }),
  },
  { name: 'its team waits for an answer', place: 'issue', settings: team, prepare: teamWaits },
  { name: 'its team works', place: 'issue', settings: team, prepare: teamWorks },
  {
    name: 'it is closed',
    place: 'issue',
    prepare: async (world) => {
      const number = await world.openIssue(issueAuthor);
      await world.close(number);
      return { number };
    },
  },
  {
    name: 'it is locked',
    place: 'issue',
    prepare: async (world) => {
      const number = await world.openIssue(issueAuthor);
      await world.lock(number);
      return { number };
    },
  },
  {
    name: 'an agent’s',
    place: 'pull-request',
    prepare: async (world) => ({ number: (await ownPull(world)).pull }),
  },
  {
    name: 'an agent’s, under review',
    place: 'pull-request',
    prepare: async (world) => {
      const { pull } = await ownPull(world);
      await startRun(world, pull, 'review');
      return { number: pull };
    },
  },
  { name: 'a person’s', place: 'pull-request', prepare: async (world) => ({ number: await personsPull(world) }) },
  {
    name: 'of a fork',
    place: 'pull-request',
    prepare: async (world) => {
      const number = await personsPull(world);
      return { number, forge: asShown(world.forge, number, { fromFork: true }) };
    },
  },
  {
    name: 'merged',
    place: 'pull-request',
    prepare: async (world) => {
      const { pull: number } = await ownPull(world);
      return { number, forge: asShown(world.forge, number, { state: 'closed', merged: true }) };
    },
  },
];

async function startRun(world: CommandWorld, issueNumber: number, command: string): Promise<Task> {
  const sender = { login: 'alice', kind: 'user' } as const;
  const gate = await gateOf(world, {});
  const admission = await admitEvent(gate, { kind: 'dispatch', issueNumber, command, sender }, signal());
  if (admission.kind !== 'admitted') throw new Error(`${command} #${issueNumber}: ${JSON.stringify(admission)}`);
  return admission.task;
}

/** One file changed on a branch of its own, from main. */
async function branch({ forge }: CommandWorld, name: string): Promise<void> {
  const head = (await forge.branchHead('main')) ?? '';
  const { treeSha } = await forge.commit(head);
  const content = `export const word = ${JSON.stringify(name)};\n`;
  const tree = await forge.createTree(treeSha, [{ kind: 'text', path: 'src/word.ts', mode: '100644', content }]);
  const { sha } = await forge.createCommit({ message: 'Keep the last word', treeSha: tree, parents: [head] });
  await forge.createBranch(name, sha);
}

async function ownPull(world: CommandWorld): Promise<{ readonly issue: number; readonly pull: number }> {
  const issue = await world.openIssue(issueAuthor);
  const name = `agent/${issue}/f1-keep-last-word`;
  await branch(world, name);
  return { issue, pull: await world.openPull(name) };
}

async function personsPull(world: CommandWorld): Promise<number> {
  const name = `feature-${world.newId().toLowerCase()}`;
  await branch(world, name);
  return world.openPull(name);
}

function asShown(forge: Forge, pull: number, change: object): Forge {
  return new Proxy(forge, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'pullRequest') {
        return async (number: number) => {
          const found = await target.pullRequest(number);
          return found === undefined || number !== pull ? found : { ...found, ...change };
        };
      }
      return value.bind(target);
    },
  });
}

async function teamWaits(world: CommandWorld): Promise<Prepared> {
  const number = await world.openIssue(issueAuthor);
  const state = { kind: 'waiting', for: 'answer', what: 'two questions' } as const;
  await world.forge.team.swap(number, { seen: undefined, record: { ...newTeam(world, number), state } });
  return { number };
}

async function teamWorks(world: CommandWorld): Promise<Prepared> {
  const number = await world.openIssue(issueAuthor);
  const { runId, lease } = await startRun(world, number, 'triage');
  const state = { kind: 'running', runId, fence: lease.fence, step: world.newId() } as const;
  await world.forge.team.swap(number, { seen: undefined, record: { ...newTeam(world, number), state } });
  return { number };
}

function newTeam(world: CommandWorld, issue: number): TeamRecord {
  const at = { now: world.clock.now(), stepId: world.newId() };
  return startTeam({ repository: 'octo/slug', issue, askedBy: 'alice', stages: team.teamStages, maxRounds: 3 }, at);
}

async function heldChange(world: CommandWorld): Promise<Prepared> {
  const number = await world.openIssue(issueAuthor);
  const task = await startRun(world, number, 'fix');
  const run = publishRun(world, task);
  const content = 'new\n';
  const { treeSha: before } = await world.forge.commit(task.base.sha);
  const path = 'src/slugify.ts';
  const treeSha = await world.forge.createTree(before, [{ kind: 'text', path, mode: '100644', content }]);
  const commit = { message: 'Keep the last word', treeSha, parents: [task.base.sha] };
  const { sha: change } = await world.forge.createCommit(commit);
  const { patch: _, ...result } = resultOf(task);
  const bytes = new TextEncoder().encode(content);
  const file = { change: 'modified', path, mode: '100644', encoding: 'utf-8', sizeBytes: bytes.length } as const;
  const plan: ChangePlan = {
    ...planFrame(run),
    kind: 'change',
    patch: {
      schema: 1,
      base: { sha: task.base.sha, treeSha: before },
      treeSha,
      files: [{ ...file, blobSha: blobId(bytes) }],
    },
    reasons: [{ rule: 'review-required', path, message: 'review required: src/**' }],
    result,
  };
  return hold(world, run, { plan, change });
}

async function heldPlan(world: CommandWorld): Promise<Prepared> {
  const number = await world.openIssue(issueAuthor);
  const task = await startRun(world, number, 'plan');
  const run = publishRun(world, task);
  const steps = [{ title: 'Cut between words', detail: 'In shorten.', paths: ['src/slugify.ts'] }];
  const report = { kind: 'plan', summary: 'One line.', steps, tests: ['npm test'], risks: [] } as const;
  const plan: WordPlan = { ...planFrame(run), kind: 'plan', report, model: task.agent.model };
  return hold(world, run, { plan, change: task.base.sha });
}

async function hold(
  world: CommandWorld,
  run: PublishRun,
  what: { readonly plan: ChangePlan | WordPlan; readonly change: string },
): Promise<Prepared> {
  const held = await holdPlan(run, { ...what, result: resultOf(run.task) });
  if (held.kind !== 'held') throw new Error('nothing is held');
  await world.claims.release(run.task.lease);
  return { number: run.task.issue.number, hash: shownPlan(held.hash) };
}

function publishRun({ forge, claims, clock }: CommandWorld, task: Task): PublishRun {
  const scanner = { scan: async () => [] };
  return { forge, claims, clock, scanner, blobId, log: () => {}, dryRun: false, task, signal: signal() };
}

function resultOf({ runId, agent }: Task): RunResult {
  return {
    schema: 1,
    runId,
    outcome: 'succeeded',
    reason: 'Done.',
    submission: { title: 'Keep the last word', body: 'One line.', verified: [] },
    spend: { turns: 1, usage: noUsage, costMicroUsd: 1, elapsedMs: 1_000 },
    modelCalls: 1,
    model: agent.model,
    sandbox: { rung: 'bubblewrap', description: 'bubblewrap' },
    durations: {},
  };
}
