import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../src/embedded/github/embedded-github.ts';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';
import { packageRoot, sampleFolder } from '../e2e/stage.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { runCli } from '../integration/cli/run-cli.ts';
import { countFlag, type Figure, type FigureFlags, spread } from './figure.ts';
import { type SeatRun, takeSeat } from './parallel/agent-seat.ts';
import { fileOf, titleOf, writeIssueScript } from './parallel/issue-script.ts';
import { watchMemory } from './process-memory.ts';

export const options: FigureFlags = {
  agents: { kind: 'count' },
  issues: { kind: 'count' },
  seed: { kind: 'count' },
};

/** An agent that fails again and again is no reason to wait for ever. */
const mostRunsPerIssue = 5;

/**
 * Many agents on one machine, each run a process of its own (`run --github` with its worker and its sandbox), against the embedded
 * GitHub and a coordinator over SQLite: every issue is done once, by one pull request with its own change.
 */
export const figure: Figure = async (figureOptions) => {
  const { quick, progress } = figureOptions;
  const agents = countFlag(figureOptions, 'agents', quick ? 4 : 8);
  const count = countFlag(figureOptions, 'issues', quick ? 6 : 30);
  const seed = countFlag(figureOptions, 'seed', 20_261_121);
  using temp = tempFolder();
  const clock = createSystemClock();
  const github = await startEmbeddedGitHub({
    dataDir: path.join(temp.root, 'github'),
    clock,
    rateLimits: 'off',
    users: [{ login: 'alice' }],
    repositories: [
      {
        owner: 'octo',
        name: 'slug',
        source: { kind: 'folder', path: sampleFolder },
        collaborators: { alice: 'admin' },
      },
    ],
  });
  await using open = new AsyncDisposableStack();
  open.defer(() => github.close());
  const stateFile = path.join(temp.root, 'coordinator.db');
  const address = { host: '127.0.0.1', port: 0, addressFrom: 'socket' } as const;
  const coordinator = await startCoordinator({ ...address, stateFile, adminKey: 'if-none', log: () => undefined });
  open.defer(() => coordinator.close());
  const books = open.use(sqliteCoordination(openDatabase({ path: stateFile, clock })));
  for (const scope of ['organisation/octo', 'repository/octo/slug'])
    await books.budgets.setCaps(scope, { runs: agents }, 'key/admin');
  const issues = Array.from({ length: count }, (_, index) => index + 1);
  for (const issue of issues) await openIssue(github, issue);
  const env = machine(temp.root, github, { url: coordinator.url, key: coordinator.adminKey ?? '' });
  const synced = await runCli(['tasks', 'sync', '--repository', 'octo/slug'], { env });
  if (synced.code !== 0) throw new Error(`tasks sync: ${synced.stderr}`);
  progress(`${count} issues are open, ${agents} agents begin`);

  const runs: SeatRun[] = [];
  const done = (): Set<number> => new Set(runs.filter(({ end }) => end === 'succeeded').map(({ issue }) => issue));
  const main = path.join(packageRoot, 'src/cli/main.ts');
  const memory = watchMemory(process.pid, { everyMs: 250 });
  const started = performance.now();
  const onRun = (run: SeatRun): void => {
    runs.push(run);
    progress(`${done().size} of ${count}: issue ${run.issue} ${run.end} after ${run.seconds} s ${run.why}`.trim());
  };
  await Promise.all(
    Array.from({ length: agents }, (_, seat) =>
      takeSeat({
        tasks: books.tasks,
        draw: drawFrom(seed + seat),
        command: [process.execPath, main],
        env: { ...env, PATH: process.env['PATH'] ?? '' },
        scriptOf: (issue) => writeIssueScript(temp.root, issue),
        isOver: () =>
          done().size === count || runs.filter(({ end }) => end === 'failed').length > mostRunsPerIssue * count,
        onRun,
      }),
    ),
  );
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const seen = memory.stop();
  const judged = await judgePulls(github, issues);
  const succeeded = await Promise.all(
    issues.map((issue) => books.runs.list({ task: `github/octo/slug/issues/${issue}`, limit: 50 })),
  );
  const doneOnce = succeeded.filter((list) => list.filter(({ state }) => state === 'succeeded').length === 1).length;
  const claims = await Promise.all(issues.map((issue) => books.claims.read(`github/octo/slug/issues/${issue}`)));
  const held = claims.filter((claim) => claim?.state !== 'free').length;
  const of = (end: SeatRun['end']): readonly SeatRun[] => runs.filter((run) => run.end === end);
  return {
    kind: 'measured',
    ok: doneOnce === count && judged.problems.length === 0 && held === 0 && of('failed').length === 0,
    figures: {
      ...{ agents, issues: count, seed, seconds },
      issuesPerMinute: Math.round((count / seconds) * 600) / 10,
      secondsOfARun: spread(of('succeeded').map((run) => run.seconds)),
      pullRequests: judged.pulls,
      doneOnce,
      racesLost: of('lost').length,
      failed: of('failed').map(({ issue, why }) => `${issue}: ${why}`),
      claimsHeld: held,
      problems: judged.problems.slice(0, 10),
      peakMemoryMb: seen.proportionalMb,
      peakResidentMb: seen.residentMb,
      processes: seen.processes,
    },
    limits: { doneOnce: count, pullRequests: count, failed: 0, problems: 0, claimsHeld: 0 },
  };
};

async function openIssue(github: EmbeddedGitHub, issue: number): Promise<void> {
  await ask(github, '/issues', { title: titleOf(issue), body: 'It does when the limit falls on a separator.' });
}

interface Pull {
  readonly number: number;
  readonly body: string;
  readonly head: { readonly ref: string };
}

/** One pull request for each issue, which changes its own file and no other's. */
async function judgePulls(github: EmbeddedGitHub, issues: readonly number[]) {
  const pulls = await ask<readonly Pull[]>(github, '/pulls?state=all&per_page=100');
  const problems: string[] = [];
  for (const issue of issues) {
    const own = pulls.filter(({ body }) => new RegExp(`^(?:Closes|Fixes) #${issue}\\b`, 'm').test(body));
    if (own.length !== 1) problems.push(`issue ${issue} has ${own.length} pull requests`);
    for (const { number } of own) {
      const files = await ask<readonly { filename: string }[]>(github, `/pulls/${number}/files?per_page=100`);
      const names = files
        .map(({ filename }) => filename)
        .sort()
        .join(', ');
      if (names !== `${fileOf(issue)}, src/slugify.js`) problems.push(`#${number} for issue ${issue} changes ${names}`);
    }
  }
  if (pulls.length !== issues.length) problems.push(`${pulls.length} pull requests for ${issues.length} issues`);
  return { pulls: pulls.length, problems };
}

async function ask<Answer>(github: EmbeddedGitHub, where: string, body?: object): Promise<Answer> {
  const response = await fetch(`${github.apiUrl}/repos/octo/slug${where}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${github.userToken('alice')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok) throw new Error(`${where} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** A home, a temporary folder and kept runs of its own, and where GitHub and the coordinator are. */
function machine(root: string, github: EmbeddedGitHub, { url, key }: { readonly url: string; readonly key: string }) {
  const at = (name: string): string => {
    const folder = path.join(root, name);
    mkdirSync(folder);
    return folder;
  };
  return {
    HOME: at('home'),
    TMPDIR: at('tmp'),
    ENTROPY_STATE_DIR: at('state'),
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: github.url,
    GITHUB_TOKEN: github.userToken('alice'),
    ENTROPY_COORDINATOR_URL: url,
    ENTROPY_COORDINATOR_KEY: key,
  };
}
