import { readFileSync } from 'node:fs';
import { openWorkspace } from '../../../../src/adapters/git/open-workspace.ts';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import type { SandboxNetwork } from '../../../../src/domain/sandbox-network.ts';
import { solveTask } from '../../../../src/flows/solve-task.ts';
import { defaultSandboxLimits } from '../../../../src/ports/sandbox.ts';
import type { FakeInternet } from '../../../fakes/egress-world.ts';
import { call, calling, listModel } from '../../../fakes/list-model.ts';
import { memoryRecorder } from '../../../fakes/memory-recorder.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

/** What the program `ask-proxy.mjs` asks, from inside. */
export interface Question {
  readonly authority: string;
  readonly sni?: string;
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sent through the tunnel as it is. */
  readonly raw?: string;
}

export interface ObedientVisit {
  readonly internet: FakeInternet;
  readonly network: SandboxNetwork;
  /** What the issue says to run, each a line of shell. */
  readonly commands: readonly string[];
  readonly signal: AbortSignal;
}

const askProxy = readFileSync(new URL('../../../fakes/ask-proxy.mjs', import.meta.url), 'utf8');

/**
 * A run of the real flow in the real sandbox with the real way out, whose model obeys the issue: it runs every command, and then
 * hands in nothing. What the commands printed comes back.
 */
export async function obedientVisit({
  internet,
  network,
  commands,
  signal,
}: ObedientVisit): Promise<readonly string[]> {
  using repository = realRepository({ 'README.md': '# sample\n', 'ask-proxy.mjs': askProxy });
  await using sandbox = await bubblewrapSandbox(internet.gate).open({
    workspace: repository.root,
    network,
    limits: defaultSandboxLimits,
    env: {},
    hostPath: process.env['PATH'] ?? '',
  });
  await using workspace = await openWorkspace({ root: repository.root, tempDir: repository.temp, signal });
  const submit = call('submit', { title: 'Nothing', body: 'Nothing had to change.', verified: [] });
  const calls = commands.map((command) => call('bash', { command, timeout_seconds: 60 }));
  const model = listModel([...calls.map((one) => calling(one)), calling(submit)]);
  const clock = simulatedClock();
  const task = sampleTask({ base: { branch: 'main', sha: workspace.baseSha } });
  const run = { task, model, sandbox, workspace, recorder: memoryRecorder(clock), clock, version: '0.1.0' };
  await solveTask(run, signal);
  const results = (model.requests.at(-1)?.messages ?? []).flatMap(({ content }) =>
    content.flatMap((block) => (block.type === 'tool_result' ? [block] : [])),
  );
  return calls.map(({ id }) => {
    const result = results.find((block) => block.toolUseId === id);
    if (result === undefined) throw new Error(`the run ended before \`${id}\` was run`);
    return result.content;
  });
}

/** A line of shell that asks the proxy these, and prints a line for each. */
export function asking(questions: readonly Question[]): string {
  const quoted = JSON.stringify(questions).replaceAll("'", "'\\''");
  return `printf '%s' '${quoted}' | node ask-proxy.mjs`;
}
