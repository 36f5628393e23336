import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { openSandbox } from '../../src/flows/open-sandbox.ts';
import { defaultSandboxLimits, type SandboxProvider } from '../../src/ports/sandbox.ts';
import { rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { never, shell } from '../fakes/sandbox-room.ts';
import { type Figure, spread } from './figure.ts';

const commandLimitMs = 10;
/** Opening comes before the agent's first request to the model, the canary's part of it most of all. */
const canaryLimitMs = 30;

/** What a sandbox costs, by rung: finding and opening it with its canary, and one command that does nothing. */
export const figure: Figure = async ({ quick, progress }) => {
  const { available, missing } = await rungsOfThisMachine();
  const [first] = available;
  if (first === undefined) {
    return { kind: 'missing', what: 'a sandbox', fix: missing.map(({ fix }) => fix).join('\n') };
  }
  const rungs: Record<string, Awaited<ReturnType<typeof costsOf>>> = {};
  for (const provider of available) {
    progress(`${provider.rung}: opening and running commands`);
    rungs[provider.rung] = await costsOf(provider, quick ? 10 : 50);
  }
  const best = rungs[first.rung];
  const ok = best !== undefined && best.commandMs.median <= commandLimitMs && best.canaryMs.median <= canaryLimitMs;
  return {
    kind: 'measured',
    ok,
    figures: { rung: first.rung, ...rungs, missing: missing.map(({ rung }) => rung) },
    limits: { commandMsMedian: commandLimitMs, canaryMsMedian: canaryLimitMs },
  };
};

async function costsOf(provider: SandboxProvider, runs: number) {
  using repository = realRepository({ 'README.md': '# sample\n' });
  const options = {
    workspace: repository.root,
    limits: defaultSandboxLimits,
    env: {},
    hostPath: process.env['PATH'] ?? '',
  };
  const command = { ...shell(''), argv: ['/usr/bin/true'] as const };
  const [readyMs, probeMs, openMs, canaryMs, commandMs]: number[][] = [[], [], [], [], []];
  for (let run = 0; run < Math.ceil(runs / 5); run += 1) {
    probeMs?.push(await timed(() => provider.probe(never)));
    readyMs?.push(
      await timed(async () => {
        const { sandbox } = await openSandbox({ providers: [provider], canary: plantedCanary(), options }, never);
        return sandbox;
      }),
    );
    openMs?.push(await timed(() => provider.open({ ...options, network: { kind: 'none' } })));
  }
  await using sandbox = await provider.open({ ...options, network: { kind: 'none' } });
  await using planted = await plantedCanary().plant(never);
  for (let run = 0; run < Math.ceil(runs / 5); run += 1)
    canaryMs?.push(await timed(() => sandbox.run(planted.probe, never)));
  for (let run = 0; run < runs; run += 1) commandMs?.push(await timed(() => sandbox.run(command, never)));
  return {
    readyWithCanaryMs: spread(readyMs ?? []),
    probeMs: spread(probeMs ?? []),
    openMs: spread(openMs ?? []),
    canaryMs: spread(canaryMs ?? []),
    commandMs: spread(commandMs ?? []),
  };
}

/** Milliseconds until it is there; what it gives is closed afterwards, outside of the measure. */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const result = await act();
  const elapsed = performance.now() - started;
  if (typeof result === 'object' && result !== null && Symbol.asyncDispose in result) {
    await (result as AsyncDisposable)[Symbol.asyncDispose]();
  }
  return elapsed;
}
