import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { endOf, transcriptOf } from './team/transcript.ts';
import { saidOn, transcriptPage } from './team/transcript-page.ts';
import { type WalkedTeam, walkTeam } from './team/walk-team.ts';

const page = fileURLToPath(new URL('../../docs/team-transcript.md', import.meta.url));

/**
 * An issue with a wrong first attempt through all stages on the embedded GitHub, a process for each step: read, planned, approved,
 * changed, found broken by a test, mended, reviewed with two findings, one of them refuted, reviewed again, its conversations
 * resolved, its checks green, ready. Then the same with the process of every step killed by SIGKILL as soon as it has stored what
 * follows and its claim is free; it ends in the same state. Then a shorter one, whose check is red on the way, with its processes
 * killed while the claim is still held and in the middle of what follows. `--quick`: without the kills, and without the red check.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const calm = await timed(() => walkTeam({ kills: [], progress }));
  const problems = [...problemsOf(calm.walked), ...transcriptProblems(calm.walked)];
  const killed = quick ? undefined : await timed(() => walkTeam({ kills: ['claim free'], progress }));
  if (killed !== undefined) {
    problems.push(...problemsOf(killed.walked).map((problem) => `killed: ${problem}`));
    const [one, other] = [calm.walked, killed.walked].map((walked) => JSON.stringify(endOf(walked), null, 1));
    if (one !== other) problems.push(`it ends otherwise when it is killed:\n${one}\n${other}`);
    if (killed.walked.killed < leastKills) problems.push(`only ${killed.walked.killed} processes were killed`);
  }
  const kills = ['hand-off', 'claim held'] as const;
  const red = quick ? undefined : await timed(() => walkTeam({ kills, story: withRedCheck, progress }));
  if (red !== undefined) problems.push(...redProblems(red.walked).map((problem) => `red check: ${problem}`));
  const { record, runs, threads, checks } = calm.walked;
  return {
    kind: 'measured',
    ok: problems.length === 0,
    figures: {
      ended: record.state.kind === 'over' ? record.state.how : record.state.kind,
      rounds: record.round,
      runs,
      roles: [...new Set(calm.walked.roles)],
      findings: record.findings.map(({ standing }) => standing),
      conversationsResolved: threads.filter(({ resolved }) => resolved).length,
      checks,
      seconds: calm.seconds,
      ...(killed && {
        killed: killed.walked.killed,
        endedBeforeTheKill: killed.walked.tooLate,
        runsWhenKilled: killed.walked.runs,
        secondsWhenKilled: killed.seconds,
      }),
      ...(red && {
        redCheck: {
          ended: red.walked.record.state.kind === 'over' ? red.walked.record.state.how : red.walked.record.state.kind,
          rounds: red.walked.record.round,
          killed: red.walked.killed,
          withClaimInHand: red.walked.heldKills,
          endedBeforeTheKill: red.walked.tooLate,
          seconds: red.seconds,
        },
      }),
      problems,
    },
    limits: { ended: 'ready', rounds: 3, problems: 0, ...(quick ? {} : { killed: `at least ${leastKills}` }) },
  };
};

/** A tester sends the coder back, then a check does. */
const withRedCheck = { stages: 'code, test', rounds: 4, firstCheck: 'red' } as const;

function redProblems({ record, pulls, checks, said, killed, heldKills }: WalkedTeam): string[] {
  const problem = (bad: boolean, text: string): string[] => (bad ? [text] : []);
  const { state, history } = record;
  const ready = state.kind === 'over' && state.how === 'ready';
  return [
    ...problem(!ready, `it ended ${JSON.stringify(state)}`),
    ...problem(!history.some(({ what }) => /check.* failed/.test(what)), 'no red check sent the coder back'),
    ...problem(pulls.length !== 1, `there are ${pulls.length} pull requests`),
    // The newest comes first; before it was under way.
    ...problem(checks[0] !== 'ci / test: success', `the checks: ${checks.join()}`),
    ...problem(said.filter(({ body }) => body.includes(' op=team-ready ')).length !== 1, 'ready is not said once'),
    ...problem(killed < 2 || heldKills < 1, `${killed} processes were killed, ${heldKills} of them with a claim`),
  ];
}

/** Of ten stages; the odd process may be over before the signal reaches it. */
const leastKills = 6;

async function timed(
  walk: () => Promise<WalkedTeam>,
): Promise<{ readonly walked: WalkedTeam; readonly seconds: number }> {
  const started = performance.now();
  const walked = await walk();
  return { walked, seconds: Math.round((performance.now() - started) / 1_000) };
}

function problemsOf({ record, pulls, threads, checks, said }: WalkedTeam): string[] {
  const problem = (bad: boolean, text: string): string[] => (bad ? [text] : []);
  const { state, findings, history } = record;
  const ready = state.kind === 'over' && state.how === 'ready';
  const wasBroken = history.some(({ stage, what }) => stage === 'test' && what.includes('still fails'));
  const standings = findings.map(({ standing }) => standing).sort();
  return [
    ...problem(!ready, `it ended ${JSON.stringify(state)}`),
    ...problem(!wasBroken, 'no test found the first attempt wrong'),
    ...problem(standings.join() !== 'fixed,refuted', `the findings stand so: ${standings.join()}`),
    ...problem(pulls.length !== 1, `there are ${pulls.length} pull requests`),
    ...problem(pulls[0]?.draft !== false, 'the pull request is a draft'),
    ...problem(threads.length !== 2 || threads.some(({ resolved }) => !resolved), 'not all conversations are resolved'),
    ...problem(checks.join() !== 'ci / test: success', `the checks: ${checks.join()}`),
    ...problem(said.filter(({ body }) => body.includes(' op=team-ready ')).length !== 1, 'ready is not said once'),
  ];
}

function transcriptProblems(walked: WalkedTeam): string[] {
  const there = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const fix = 'node scripts/team-transcript.ts';
  return saidOn(there) === saidOn(transcriptPage(transcriptOf(walked)))
    ? []
    : [`docs/team-transcript.md is not this conversation: ${fix}`];
}
