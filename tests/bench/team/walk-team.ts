import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { clockSkewMs } from '../../../src/domain/claim.ts';
import type { TeamRecord } from '../../../src/domain/stages/team-record.ts';
import { heartbeatTtlMs } from '../../../src/flows/heartbeat.ts';
import { cliPlace } from '../../e2e/cli-place.ts';
import { openStage, type Stage, sampleFolder } from '../../e2e/stage.ts';
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/fake-anthropic.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { runCli } from '../../integration/cli/run-cli.ts';
import { scriptedTeam } from './scripted-team.ts';
import { isHeld, type KillPoint, type StepPlace, takeStep } from './take-step.ts';

export interface WalkOptions {
  /** One for each step, in turn; none: nobody is killed. */
  readonly kills: readonly KillPoint[];
  /** The stages, and how the first head whose checks are waited for fares: with `red` its coder is sent back. */
  readonly story?: Story;
  readonly progress: (line: string) => void;
}

export interface Said {
  readonly id: number;
  readonly body: string;
  readonly at: string;
  readonly where: 'issue' | 'pull request' | 'review' | 'line';
  readonly by: string;
}

export interface WalkedTeam {
  readonly record: TeamRecord;
  readonly said: readonly Said[];
  readonly pulls: readonly { readonly number: number; readonly draft: boolean; readonly title: string }[];
  /** Of the head in the end. */
  readonly tree: string;
  readonly threads: readonly { readonly resolved: boolean }[];
  readonly checks: readonly string[];
  /** Steps whose process was killed, and those that had ended before the kill came. */
  readonly killed: number;
  readonly tooLate: number;
  /** Of those that were killed: with a claim in their hands. */
  readonly heldKills: number;
  readonly runs: number;
  readonly roles: readonly string[];
}

export interface Story {
  readonly stages: string;
  readonly rounds: number;
  readonly firstCheck: 'green' | 'red';
}

/** All stages, and checks that pass. */
const wholeStory: Story = { stages: 'read, plan, code, test, review', rounds: 3, firstCheck: 'green' };

function settingsOf({ stages, rounds }: Story): string {
  return `team:\n  stages: [${stages}]\n  rounds: ${rounds}\ntest: npm test\n`;
}

const issueText = {
  title: 'slugify drops the last word when the limit falls on a separator',
  body: "`slugify('one two three', { maxLength: 7 })` gives `one`. I expected `one-two`: it fits, and no word is cut.\n\nIt should be so with any separator.",
};
/** More than any way through all stages takes, with every process killed once. */
const mostSteps = 40;
/** A claim of somebody who is dead is nobody's after its lease. */
const pastLeaseMs = heartbeatTtlMs + 2 * clockSkewMs;
const bashEnv = { ANTHROPIC_API_KEY: 'sk-ant-fake' };

/** One issue from being opened to a pull request that a person may merge, a process for every step. */
export async function walkTeam({ kills, story = wholeStory, progress }: WalkOptions): Promise<WalkedTeam> {
  using folder = tempFolder();
  const source = path.join(folder.root, 'slug');
  cpSync(sampleFolder, source, { recursive: true });
  mkdirSync(path.join(source, '.github'), { recursive: true });
  writeFileSync(path.join(source, '.github', 'entropy.yml'), settingsOf(story));
  await using stage = await openStage({ source: { kind: 'folder', path: source } });
  using place = cliPlace();
  const team = scriptedTeam();
  await using model = await startFakeAnthropic(Array.from({ length: 400 }, () => team.answer));
  const issue = await stage.openIssue(issueText);
  const env = environmentOf(stage, place.env, model);
  const world: World = { stage, env, issue, story, progress, root: place.root };

  let killed = 0;
  let tooLate = 0;
  let heldKills = 0;
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const before = await recordOf(stage, issue);
    if (before?.state.kind === 'over') break;
    const waits = before?.state.kind === 'waiting' && before.state.for === 'person';
    if (waits) break;
    await actForOthers(world, before);
    const point = kills[steps % Math.max(1, kills.length)];
    const ended = await takeStep(world, point);
    if (ended === 'killed') killed += 1;
    if (point !== undefined && ended === 'ended') tooLate += 1;
    if (ended === 'killed' && (await isHeld(stage))) {
      heldKills += 1;
      await setTimeout(pastLeaseMs);
    }
    const after = await recordOf(stage, issue);
    progress(`${ended}: ${after?.stage}, ${after?.state.kind}, round ${after?.round}`);
  }
  const record = await recordOf(stage, issue);
  if (record === undefined) throw new Error('there is no team on the issue');
  return {
    ...(await storyOf(world, record)),
    record,
    killed,
    tooLate,
    heldKills,
    runs: team.asked.length,
    roles: team.asked,
  };
}

interface World extends StepPlace {
  readonly story: Story;
  readonly progress: (line: string) => void;
}

function environmentOf(stage: Stage, env: Readonly<Record<string, string>>, model: FakeAnthropic) {
  const { apiUrl, url } = stage.github;
  return {
    ...env,
    ...bashEnv,
    GITHUB_API_URL: apiUrl,
    GITHUB_SERVER_URL: url,
    GITHUB_TOKEN: stage.github.userToken('alice'),
    ANTHROPIC_BASE_URL: model.url,
  };
}

/** What people and other machines do meanwhile: a plan is approved, the checks of a new head pass. */
async function actForOthers(world: World, record: TeamRecord | undefined): Promise<void> {
  const { stage, env, issue, root, story } = world;
  const { state, headSha, plan, history = [] } = record ?? {};
  const waits = state?.kind === 'waiting' && state.for === 'checks';
  const wasRed = history.some(({ what }) => what.includes('check'));
  const isRed = story.firstCheck === 'red' && !wasRed;
  // A red one is told when the team waits for it: until then it is under way.
  const result = story.firstCheck === 'red' && !waits ? 'pending' : isRed ? 'failure' : 'success';
  if (headSha !== undefined) {
    await stage.send('alice', 'POST', `/statuses/${headSha}`, { state: result, context: 'ci / test' });
  }
  if (state?.kind === 'waiting' && state.for === 'approval' && plan !== undefined) {
    const hash = plan.hash.slice(0, 24);
    await stage.comment(issue, `/agent approve ${hash}`);
    const line = ['run', '--github', 'octo/slug', '--issue', String(issue), '--approve', hash, '--json'];
    const run = await runCli(line, { env, cwd: root });
    if (run.code !== 0) throw new Error(`the approval ended with ${run.code}:\n${run.stdout}\n${run.stderr}`);
  }
}

async function recordOf(stage: Stage, issue: number): Promise<TeamRecord | undefined> {
  type Refs = readonly { readonly object: { readonly sha: string } }[];
  const [ref] = await stage.send<Refs>('alice', 'GET', `/git/matching-refs/agents/team/${issue}`);
  if (ref === undefined) return undefined;
  const file = await stage.send<{ readonly content: string }>(
    'alice',
    'GET',
    `/contents/team.json?ref=${ref.object.sha}`,
  );
  return JSON.parse(Buffer.from(file.content, 'base64').toString('utf8')) as TeamRecord;
}

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly created_at: string;
  readonly submitted_at?: string;
  readonly path?: string;
  readonly user: { readonly login: string };
}

async function storyOf({ stage, issue }: World, { pullRequest, headSha = '' }: TeamRecord) {
  const read = <Answer>(where: string) => stage.send<Answer>('alice', 'GET', where);
  const listed = async (where: Said['where'], list: string): Promise<readonly Said[]> => {
    const found = await read<readonly Comment[]>(`${list}?per_page=100`);
    return found.map(({ id, body, created_at, submitted_at, user }) => ({
      ...{ id, body, where, by: user.login },
      at: submitted_at ?? created_at,
    }));
  };
  const of = `/pulls/${pullRequest}`;
  const said = [
    ...(await listed('issue', `/issues/${issue}/comments`)),
    ...(pullRequest === undefined ? [] : await listed('pull request', `/issues/${pullRequest}/comments`)),
    ...(pullRequest === undefined ? [] : await listed('review', `${of}/reviews`)),
    ...(pullRequest === undefined ? [] : await listed('line', `${of}/comments`)),
  ];
  const statuses = await read<readonly { readonly context: string; readonly state: string }[]>(
    `/commits/${headSha === '' ? 'main' : headSha}/statuses`,
  );
  return {
    said: [...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id),
    pulls: (await stage.pulls()).map(({ number, draft, title }) => ({ number, draft, title })),
    tree: headSha === '' ? '' : await stage.treeOf(headSha),
    threads: pullRequest === undefined ? [] : await threadsOf(stage, pullRequest),
    checks: [...new Set(statuses.map(({ context, state }) => `${context}: ${state}`))],
  };
}

/** GitHub tells whether a conversation is resolved by GraphQL alone. */
async function threadsOf(stage: Stage, pull: number): Promise<readonly { readonly resolved: boolean }[]> {
  const { createForgeReviews } = await import('../../../src/adapters/github/forge-reviews.ts');
  const { createOwnAuthor } = await import('../../../src/adapters/github/own-author.ts');
  const { createGitHubApi } = await import('../../../src/adapters/github/api.ts');
  const { createSystemClock } = await import('../../../src/adapters/system/system-clock.ts');
  const api = createGitHubApi({
    token: stage.github.userToken('alice'),
    repository: { owner: 'octo', name: 'slug' },
    apiUrl: stage.github.apiUrl,
    log: () => undefined,
    clock: createSystemClock(),
    signal: AbortSignal.timeout(30_000),
    userAgent: 'verify-team',
  });
  return createForgeReviews(api, createOwnAuthor(api)).threads(pull);
}
