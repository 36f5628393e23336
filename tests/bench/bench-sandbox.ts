import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { egressProcess } from '../../src/adapters/egress/egress-process.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { type ListedNetwork, noNetwork } from '../../src/domain/sandbox-network.ts';
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import { openSandbox } from '../../src/flows/open-sandbox.ts';
import { defaultSandboxLimits, type SandboxProvider } from '../../src/ports/sandbox.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { never, shell } from '../fakes/sandbox-room.ts';
import { type Figure, spread } from './figure.ts';

/** What the walls add to a command: rung 1, at the 95th percentile. */
const overBareLimitMs = 15;
/** Opening comes before the agent's first request to the model, the canary's part of it most of all. */
const canaryLimitMs = 30;

interface Rung {
  readonly name: string;
  readonly provider: SandboxProvider;
  readonly network: ListedNetwork;
}

/** What a sandbox costs, by rung: finding and opening it with its canary, and one command that does nothing, over a bare one. */
export const figure: Figure = async ({ quick, progress }) => {
  const { available, missing } = await rungsOfThisMachine();
  const [first] = available;
  if (first === undefined) {
    return { kind: 'missing', what: 'a sandbox', fix: missing.map(({ fix }) => fix).join('\n') };
  }
  const rungs: Record<string, Awaited<ReturnType<typeof costsOf>>> = {};
  const offline = available.map((provider): Rung => ({ name: provider.rung, provider, network: noNetwork }));
  for (const rung of [...offline, ...withHosts(available)]) {
    progress(`${rung.name}: opening and running commands`);
    // A container for each command takes a hundred times as long.
    const runs = (quick ? 20 : 100) / (rung.provider.rung === 'docker' ? 5 : 1);
    rungs[rung.name] = await costsOf(rung, runs);
  }
  const best = rungs[first.rung];
  const ok = best !== undefined && best.overBareMs.p95 <= overBareLimitMs && best.canaryMs.median <= canaryLimitMs;
  return {
    kind: 'measured',
    ok,
    figures: { rung: first.rung, ...rungs, missing: missing.map(({ rung, reason }) => `${rung}: ${reason}`) },
    limits: { overBareMsP95: overBareLimitMs, canaryMsMedian: canaryLimitMs },
  };
};

/** Rung 1n: the first one with a way out to a host, through the process that ours is in production. */
function withHosts(available: readonly SandboxProvider[]): readonly Rung[] {
  if (!available.some(({ rung }) => rung === 'bubblewrap')) return [];
  const provider = bubblewrapSandbox(egressProcess(ownEgressCommand()));
  return [
    {
      name: 'bubblewrapWithHosts',
      provider,
      network: { kind: 'allowed', hosts: ['registry.npmjs.org'], services: [] },
    },
  ];
}

async function costsOf({ provider, network }: Rung, runs: number) {
  using repository = realRepository({ 'README.md': '# sample\n' });
  const options = {
    workspace: repository.root,
    limits: defaultSandboxLimits,
    env: {},
    hostPath: process.env['PATH'] ?? '',
    network,
  };
  // Where no commands run, what a file tool starts.
  const files = runsCommands(provider.rung) ? {} : { files: { kind: 'read' } as const };
  const command = { ...shell(''), ...files, argv: ['/usr/bin/true'] as const };
  const canary = plantedCanary();
  const costs = { readyMs: readings(), probeMs: readings(), openMs: readings(), canaryMs: readings() };
  for (let run = 0; run < Math.max(2, runs / 10); run += 1) {
    costs.probeMs.push(await timed(() => provider.probe(never)));
    costs.readyMs.push(
      await timed(async () => (await openSandbox({ providers: [provider], canary, options }, never)).sandbox),
    );
    costs.openMs.push(await timed(() => provider.open(options)));
  }
  await using sandbox = await provider.open(options);
  await using planted = await canary.plant(never);
  for (let run = 0; run < Math.max(2, runs / 10); run += 1)
    costs.canaryMs.push(await timed(() => sandbox.run(planted.probe, never)));
  const [bare, walled] = [readings(), readings()];
  // By turns, so that whatever else the machine does meets both.
  for (let run = 0; run < runs; run += 1) {
    bare.push(await timed(() => bareCommand('/usr/bin/true')));
    walled.push(await timed(() => sandbox.run(command, never)));
  }
  const over = walled.map((reading, index) => reading - (bare[index] ?? 0));
  return {
    readyWithCanaryMs: spread(costs.readyMs),
    probeMs: spread(costs.probeMs),
    openMs: spread(costs.openMs),
    canaryMs: spread(costs.canaryMs),
    bareMs: spread(bare),
    commandMs: spread(walled),
    overBareMs: spread(over),
  };
}

const readings = (): number[] => [];

/** The same program with the same pipes, without any walls. */
async function bareCommand(program: string): Promise<void> {
  const child = spawn(program, [], { cwd: '/', env: {}, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  await once(child, 'close');
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
