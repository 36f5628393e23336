import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type SeenRequest, startFakeAnthropic } from '../fakes/fake-anthropic.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { agentBundle, agentStep, sampleScript } from './agent-step.ts';
import { successfulEnd } from './child-end.ts';
import { type Figure, spread } from './figure.ts';
import { npmStart } from './npm-start.ts';
import { type MemorySeen, watchMemory } from './process-memory.ts';

const limits = { ratio: 5, firstRequestBytes: 10_240, actionPeakMb: 150, startPeakMb: 500 };
const key = 'sk-ant-fake-0123456789';

/**
 * From the spawn of the bundled action `agent` to its first request at a model on loopback, against a bare `node -e 0`,
 * both in turn in one run. The task has no test command, so that our own start is measured and not the tests that come
 * before the first request. Then the memory of the sample: of the action alone, and of everything that `npm start` is.
 */
export const figure: Figure = async ({ quick, progress }) => {
  if (!existsSync(agentBundle)) return { kind: 'missing', what: 'the bundled action', fix: 'npm run build' };
  const readings = quick ? 5 : 25;
  const first: number[] = [];
  const bare: number[] = [];
  let bytes = 0;
  // One pair more than is counted: the first one reads the files from the disk.
  for (let turn = 0; turn <= readings; turn += 1) {
    const bareMs = await bareNode();
    const { ms, request } = await firstRequest();
    bytes = Math.max(bytes, Buffer.byteLength(request.text));
    if (turn === 0) continue;
    first.push(ms);
    bare.push(bareMs);
    progress(`${turn} of ${readings}: first request after ${ms.toFixed(0)} ms, bare node ${bareMs.toFixed(0)} ms`);
  }
  const firstRequestMs = spread(first);
  const bareNodeMs = spread(bare);
  const ratio = round(firstRequestMs.median / bareNodeMs.median);
  const ratioOfPairs = spread(first.map((ms, index) => ms / (bare[index] ?? Number.NaN)));
  progress('memory of the action on the sample');
  const action = await actionOnSample();
  progress('memory of npm start');
  const { memory: start } = await npmStart();
  const ok =
    ratio <= limits.ratio &&
    bytes <= limits.firstRequestBytes &&
    action.highWaterMb <= limits.actionPeakMb &&
    start.proportionalMb <= limits.startPeakMb;
  return {
    kind: 'measured',
    ok,
    figures: {
      firstRequestMs,
      bareNodeMs,
      ratio,
      ratioOfFastest: round(firstRequestMs.min / bareNodeMs.min),
      ratioOfPairs,
      measured: 'spawn of actions/agent/dist/index.js, stage solve, no test command, until its first request arrived',
      firstRequestBytes: bytes,
      actionPeakMb: action.highWaterMb,
      actionMemory: 'sum of VmHWM of its two processes, broker and worker, on the sample',
      startPeakMb: start.proportionalMb,
      startPeakResidentMb: start.residentMb,
      startMemory: 'largest sum at one moment over all processes of npm start, shared pages counted once',
    },
    limits,
  };
};

async function bareNode(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - started;
}

async function firstRequest(): Promise<{ ms: number; request: SeenRequest }> {
  let arrived = 0;
  const input = { title: 'Nothing to change', body: 'It was right already.', verified: [] };
  await using model = await startFakeAnthropic(
    [
      () => {
        arrived = performance.now();
        return { kind: 'message', content: [{ type: 'tool_use', id: 'toolu_1', name: 'submit', input }] };
      },
    ],
    { key },
  );
  const inputs = { 'anthropic-api-key': key, 'anthropic-base-url': model.url };
  using step = await agentStep({ model: 'claude-opus-4-8', inputs });
  const started = performance.now();
  const child = step.start();
  await successfulEnd(child);
  model.check();
  const { outcome, reason } = step.result();
  if (outcome !== 'no_change') throw new Error(`the action ended with ${outcome}: ${reason}`);
  const [request] = model.requests;
  if (request === undefined) throw new Error('the action asked no model');
  return { ms: arrived - started, request };
}

async function actionOnSample(): Promise<MemorySeen> {
  using folder = tempFolder();
  using step = await agentStep({ model: `scripted:${sampleScript(folder.root)}`, testCommand: 'npm test' });
  const child = step.start();
  const isOurs = (command: string) => command.includes(agentBundle);
  const memory = watchMemory(child.pid ?? 0, { everyMs: 10, counts: isOurs });
  await successfulEnd(child);
  const { outcome, reason } = step.result();
  if (outcome !== 'succeeded') throw new Error(`the action ended with ${outcome}: ${reason}`);
  return memory.stop();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
