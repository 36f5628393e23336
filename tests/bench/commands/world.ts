import type { CommentSnapshot, IssueSnapshot } from '../../../src/domain/issue.ts';
import { mergeSettings, type Settings } from '../../../src/domain/settings.ts';
import type { Gate } from '../../../src/flows/gate.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { commandActors } from './actors.ts';

/** A repository in which people write and a gate answers: in memory, or the embedded GitHub over HTTP. */
export interface CommandWorld extends AsyncDisposable {
  /** As the gate sees it, with the token of its job. */
  readonly forge: Forge;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly newId: () => string;
  /** A new workflow run, at work. */
  startRun(): Promise<number>;
  openIssue(login: string): Promise<number>;
  comment(login: string, number: number, body: string): Promise<CommentSnapshot>;
  close(number: number): Promise<void>;
  lock(number: number): Promise<void>;
  /** A pull request of a branch that is there; GitHub shows it as an issue as well. */
  openPull(branch: string): Promise<number>;
}

/** Room for as many runs as are looked at; what budgets do has figures of its own. */
const roomy: Partial<Settings> = {
  maxConcurrentRuns: 1_000,
  maxDayCostMicroUsd: 100_000_000_000,
  maxIssueCostMicroUsd: 10_000_000_000,
  maxTokens: 1_000,
};

/** The gate of a workflow run of its own. */
export async function gateOf(
  world: CommandWorld,
  settings: Partial<Settings>,
  forge: Forge = world.forge,
): Promise<Gate> {
  const { claims, clock, newId } = world;
  const runId = await world.startRun();
  return {
    ...{ forge, claims, clock, newId },
    log: () => {},
    settingsFrom: async () => mergeSettings([{ source: 'test', values: { ...roomy, ...settings } }]).values,
    version: '0.1.0',
    workflowRun: { id: runId, attempt: 1, url: `https://github.example.test/octo/slug/actions/runs/${runId}` },
  };
}

export async function memoryWorld(): Promise<CommandWorld> {
  const clock = simulatedClock(Date.UTC(2026, 10, 2, 14, 2, 0));
  const permissions = Object.fromEntries(
    commandActors.flatMap(({ actor, permission }) => (permission === undefined ? [] : [[actor.login, permission]])),
  );
  const forge = new FakeForge({ permissions, files: { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n' } });
  const change = (number: number, to: Partial<IssueSnapshot>): void => {
    const issue = forge.issues.get(number);
    if (issue === undefined) throw new Error(`no issue #${number}`);
    forge.issues.set(number, { ...issue, ...to });
  };
  let ids = 0;
  let runs = 0;
  return {
    forge,
    claims: memoryClaimStore(clock),
    clock,
    newId: () => {
      ids += 1;
      return `01JF${String(ids).padStart(22, '0')}`;
    },
    startRun: async () => {
      runs += 1;
      forge.runs.set(runs, { id: runs, attempt: 1, status: 'in_progress', conclusion: null });
      return runs;
    },
    openIssue: async (author) => forge.seedIssue({ author }),
    comment: async (login, number, body) => forge.seedComment(number, body, login),
    close: async (number) => change(number, { state: 'closed' }),
    lock: async (number) => change(number, { locked: true }),
    openPull: async (head) => {
      const made = await forge.createPullRequest({
        title: 'Keep the last word',
        body: '',
        head,
        base: 'main',
        draft: true,
      });
      if (made.kind !== 'created') throw new Error(`a second pull request of ${head}`);
      const { number, title, body, author } = made.pull;
      forge.seedIssue({ number, title, body, author, isPullRequest: true });
      return number;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
