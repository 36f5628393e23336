import type { Stage } from '../../e2e/stage.ts';
import { runCli } from '../../integration/cli/run-cli.ts';

/**
 * When the process of a step is killed, once the team has stored what follows. `claim held`: its claim is not free yet, and lasts as
 * long as its lease. `claim free`: before it does anything about what follows. `hand-off`: in the middle of that.
 */
export type KillPoint = 'claim held' | 'claim free' | 'hand-off';

export interface StepPlace {
  readonly stage: Stage;
  readonly env: Readonly<Record<string, string>>;
  readonly issue: number;
  readonly root: string;
}

/** One step of the team in a process of its own, which may be killed in it. */
export async function takeStep(
  { stage, env, issue, root }: StepPlace,
  point: KillPoint | undefined,
): Promise<'killed' | 'ended'> {
  const line = ['team', '--github', 'octo/slug', '--issue', String(issue), '--once', '--verbose', '--json=team'];
  let wasKilled = false;
  const kill = async (child: { kill(signal: 'SIGKILL'): boolean; readonly exitCode: number | null }): Promise<void> => {
    // Any claim of it: who dies with one is waited for as long as its lease lasts.
    while (point !== 'claim held' && child.exitCode === null && (await isHeld(stage)));
    if (point === 'hand-off') await hasBegun(stage, child);
    wasKilled = child.exitCode === null && child.kill('SIGKILL');
  };
  const when = { seen: `team on #${issue}: now `, act: (child: Parameters<typeof kill>[0]) => void kill(child) };
  const run = await runCli(line, { env, cwd: root, ...(point !== undefined && { when }) });
  if (wasKilled && run.code === null) return 'killed';
  if (run.stdout === '') throw new Error(`a step ended with ${run.code}:\n${run.stderr}`);
  if (process.env['TEAM_DEBUG'] !== undefined) process.stderr.write(run.stderr);
  return 'ended';
}

/** Until something that follows is there to be seen, or the process is gone: the rest of it is still to be done. */
async function hasBegun(stage: Stage, child: { readonly exitCode: number | null }): Promise<void> {
  const seen = async (): Promise<string> => {
    type Found = readonly { readonly id: number; readonly updated_at: string }[];
    const comments = await stage.send<Found>('alice', 'GET', '/issues/comments?per_page=100');
    return comments.map(({ id, updated_at }) => `${id} ${updated_at}`).join();
  };
  const before = await seen();
  while (child.exitCode === null && (await seen()) === before);
}

/** Any claim at all: looking at a pull request has claims of its own. */
export async function isHeld(stage: Stage): Promise<boolean> {
  type Refs = readonly { readonly object: { readonly sha: string } }[];
  for (const { object } of await stage.send<Refs>('alice', 'GET', '/git/matching-refs/agents/claims/')) {
    const { message } = await stage.send<{ message: string }>('alice', 'GET', `/git/commits/${object.sha}`);
    if (/: held, fence \d+/.test(message)) return true;
  }
  return false;
}
