import { egressProcess } from '../../src/adapters/egress/egress-process.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { unshareSandbox } from '../../src/adapters/linux-namespaces/unshare.ts';
import { noNetwork, type SandboxNetwork } from '../../src/domain/sandbox-network.ts';
import type { EgressGate } from '../../src/ports/egress.ts';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { fakeInternet } from '../fakes/egress-world.ts';
import { never, openRoom, type SandboxRoom, shell } from '../fakes/sandbox-room.ts';
import { type Figure, spread } from './figure.ts';

const limits = { commandRatioMedian: 1.5, openOverOfflineMs: 600, requestMs: 30, megabytesPerSecond: 20 } as const;
const listed = { kind: 'allowed', hosts: ['packages.example'], services: [] } as const;
const body = Buffer.alloc(16 * 1024 * 1024, 'x');

/** What an allow-list costs, by rung: a command that does nothing, opening the way out, a request through it, and many bytes. */
export const figure: Figure = async ({ quick, progress }) => {
  const rungs: Record<string, Awaited<ReturnType<typeof costsOf>>> = {};
  const missing: string[] = [];
  for (const make of [bubblewrapSandbox, unshareSandbox]) {
    const { rung, probe } = make();
    const probed = await probe(never);
    if (probed.kind === 'unavailable') {
      missing.push(`${rung}: ${probed.reason}`);
      continue;
    }
    progress(`${rung}: commands, openings and requests`);
    rungs[rung] = await costsOf(make, quick ? 10 : 50);
  }
  const [first] = Object.values(rungs);
  if (first === undefined) return { kind: 'missing', what: 'a sandbox', fix: missing.join('\n') };
  const ok =
    first.commandRatioMedian <= limits.commandRatioMedian &&
    first.openMs.listed.median - first.openMs.offline.median <= limits.openOverOfflineMs &&
    first.requestMs.median <= limits.requestMs &&
    first.megabytesPerSecond >= limits.megabytesPerSecond;
  return { kind: 'measured', ok, figures: { ...rungs, missing }, limits };
};

type Rung = (egress?: EgressGate) => SandboxProvider;

async function costsOf(make: Rung, runs: number) {
  await using internet = await fakeInternet({
    'packages.example': (visit, answer) => void answer.end(bodyOf(visit.path)),
  });
  const shipped = make(egressProcess(ownEgressCommand()));
  const open = (provider: SandboxProvider, network: SandboxNetwork) => openRoom(provider, { options: { network } });
  const commandMs = { offline: [] as number[], listed: [] as number[] };
  const openMs = { offline: [] as number[], listed: [] as number[] };
  {
    await using offline = await open(shipped, noNetwork);
    await using reaching = await open(shipped, listed);
    // In turns, so that whatever else the machine does is in both.
    for (let run = 0; run < runs; run += 1) {
      commandMs.offline.push(await timed(() => nothing(offline)));
      commandMs.listed.push(await timed(() => nothing(reaching)));
    }
  }
  for (let run = 0; run < Math.ceil(runs / 5); run += 1) {
    openMs.offline.push(await opening(() => open(shipped, noNetwork)));
    openMs.listed.push(await opening(() => open(shipped, listed)));
  }
  await using room = await open(make(internet.gate), listed);
  const { requests, bytesMs } = await fetched(room, runs);
  const [offline, reaching] = [spread(commandMs.offline), spread(commandMs.listed)];
  return {
    commandMs: { offline, listed: reaching },
    commandRatioMedian: Math.round((reaching.median / offline.median) * 100) / 100,
    openMs: { offline: spread(openMs.offline), listed: spread(openMs.listed) },
    requestMs: spread(requests),
    megabytesPerSecond: Math.round(body.length / 1e3 / bytesMs),
  };
}

function bodyOf(path: string): Buffer {
  return path === '/large' ? body : Buffer.from('package');
}

/** Timed inside, by a program that is there already; each request but the first has a connection. */
async function fetched(room: SandboxRoom, runs: number): Promise<{ requests: number[]; bytesMs: number }> {
  const program = `const get = async (path) => {
  const at = performance.now();
  await (await fetch('https://packages.example' + path)).arrayBuffer();
  return performance.now() - at;
};
(async () => {
  const requests = [];
  await get('/');
  for (let run = 0; run < ${runs}; run += 1) requests.push(await get('/'));
  console.log(JSON.stringify({ requests, bytesMs: await get('/large') }));
})();`;
  const exit = await room.sh('', { argv: ['node', '-e', program], timeoutMs: 60_000 });
  return JSON.parse(exit.stdout);
}

async function nothing({ sandbox }: SandboxRoom): Promise<void> {
  await sandbox.run({ ...shell(''), argv: ['/usr/bin/true'] }, never);
}

async function opening(open: () => Promise<AsyncDisposable>): Promise<number> {
  const started = performance.now();
  await using opened = await open();
  void opened;
  return performance.now() - started;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}
