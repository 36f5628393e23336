import { join } from 'node:path';
import { openTrajectory } from '../../src/adapters/filesystem/trajectory-file.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { runLoop } from '../../src/agent/loop.ts';
import { startMeter } from '../../src/agent/meter.ts';
import { systemPrompt } from '../../src/agent/prompts/system.ts';
import { toolsOf } from '../../src/agent/toolbox.ts';
import { defaultSandboxLimits, type Sandbox } from '../../src/ports/sandbox.ts';
import { rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { listModel } from '../fakes/list-model.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { sampleTask } from '../fakes/sample-task.ts';
import { never } from '../fakes/sandbox-room.ts';
import { type Figure, spread } from './figure.ts';

const limitMs = 25;

/**
 * A turn in which the model answers at once and asks for one command that does nothing: conversation, record on disk,
 * sandbox. The bare sandboxed command is measured beside it, in turns with it, so that the loop's own share shows.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const { available, missing } = await rungsOfThisMachine();
  const [provider] = available;
  if (provider === undefined) {
    return { kind: 'missing', what: 'a sandbox', fix: missing.map(({ fix }) => fix).join('\n') };
  }
  using repository = realRepository({ 'README.md': '# sample\n' });
  await using sandbox = await provider.open({
    workspace: repository.root,
    network: { kind: 'none' },
    limits: defaultSandboxLimits,
    env: {},
    hostPath: process.env['PATH'] ?? '',
  });
  const rounds = quick ? 3 : 10;
  const turnsARound = 20;
  const turnMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`);
    bareMs.push(...(await bareCommands(sandbox, turnsARound)));
    turnMs.push(...(await turns(sandbox, turnsARound, join(repository.temp, `trajectory-${round}.jsonl`))));
  }
  const turn = spread(turnMs);
  const bare = spread(bareMs);
  return {
    kind: 'measured',
    ok: turn.median <= limitMs,
    figures: {
      turnMs: turn,
      bareCommandMs: bare,
      ownShareMs: Math.round((turn.median - bare.median) * 100) / 100,
      rung: provider.rung,
    },
    limits: { turnMs: `median ≤ ${limitMs}` },
  };
};

async function bareCommands(sandbox: Sandbox, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    await sandbox.run({ argv: ['bash', '-c', `true ${index}`], timeoutMs: 60_000, maxOutputBytes: 1_000 }, never);
    times.push(performance.now() - started);
  }
  return times;
}

/** From one question to the model to the next: everything that a turn costs. */
async function turns(sandbox: Sandbox, count: number, trajectory: string): Promise<number[]> {
  const asked: number[] = [];
  const clock = createSystemClock();
  const call = (turn: number) => (): { content: [{ type: 'tool_use'; id: string; name: string; input: unknown }] } => {
    asked.push(performance.now());
    // Every command is another one: the same again and again would be taken for going in circles.
    const input = { command: `true ${turn}` };
    return { content: [{ type: 'tool_use', id: `call-${turn}`, name: 'bash', input }] };
  };
  const model = listModel([
    ...Array.from({ length: count }, (_, index) => call(index)),
    () => {
      asked.push(performance.now());
      const input = { questions: ['Enough?'] };
      return { content: [{ type: 'tool_use' as const, id: 'end', name: 'ask', input }] };
    },
  ]);
  using recorder = openTrajectory(trajectory, { clock });
  const { budget } = sampleTask();
  await runLoop(
    {
      model,
      sandbox,
      recorder,
      clock,
      meter: startMeter(budget, clock),
      system: systemPrompt('change'),
      task: 'Measure a turn.',
      tools: toolsOf('change'),
      judge: async () => {
        throw new Error('nothing is submitted here');
      },
    },
    never,
  );
  return asked.slice(1).map((at, index) => at - (asked[index] ?? at));
}
