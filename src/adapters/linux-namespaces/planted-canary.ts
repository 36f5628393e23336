import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaryCommand, readCanaryReport } from '../../domain/canary-probe.ts';
import type { PlantedCanary, SandboxCanary } from '../../ports/sandbox-canary.ts';

const probeDeadlineMs = 5_000;

/** Plants on this machine: files in the temporary folder and the home, a process, and a listener on loopback. */
export function plantedCanary(): SandboxCanary {
  return { plant };
}

async function plant(signal: AbortSignal): Promise<PlantedCanary> {
  const token = `entropy-canary-${randomBytes(16).toString('hex')}`;
  await using owned = new AsyncDisposableStack();
  const [{ server, visitors }, files] = await Promise.all([listen(signal), plantFiles(token, owned)]);
  owned.defer(() => closeServer(server));
  const process = spawn('/bin/sh', ['-c', 'read -r _', token], {
    env: { ENTROPY_CANARY: token },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const processGone = once(process, 'exit');
  owned.defer(async () => {
    process.kill('SIGKILL');
    await processGone;
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const planted = owned.move();
  return {
    probe: {
      argv: canaryCommand({ token, files, port }),
      timeoutMs: probeDeadlineMs,
      maxOutputBytes: 65_536,
      // On every rung: where only the file tools are let through, this is what is tried as one of them.
      files: { kind: 'read' },
      // Ours, short, and waited for.
      priority: 'normal',
    },
    leaks({ stdout, stderr }) {
      const text = new TextDecoder();
      const report = readCanaryReport(text.decode(stdout.head) + text.decode(stdout.tail));
      const visited = visitors() > 0 ? ['a connection to a listener on this machine'] : [];
      const spoken = [stdout, stderr].some(({ head, tail }) =>
        `${text.decode(head)}${text.decode(tail)}`.includes(token),
      );
      return [...report, ...visited, ...(spoken ? ['the planted secret itself'] : [])];
    },
    [Symbol.asyncDispose]: () => planted.disposeAsync(),
  };
}

/** A home that cannot be written to holds no canary; the temporary folder always does. */
async function plantFiles(token: string, owned: AsyncDisposableStack): Promise<readonly string[]> {
  const [inTemp, inHome] = await Promise.allSettled(
    [tmpdir(), homedir()].map(async (parent) => {
      const folder = await mkdtemp(join(parent, '.entropy-canary-'));
      owned.defer(() => rm(folder, { recursive: true, force: true }));
      const file = join(folder, 'secret');
      await writeFile(file, token, { mode: 0o600 });
      return file;
    }),
  );
  if (inTemp?.status === 'rejected') throw inTemp.reason;
  return [inTemp, inHome].flatMap((file) => (file?.status === 'fulfilled' ? [file.value] : []));
}

async function listen(signal: AbortSignal): Promise<{ server: Server; visitors: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening', { signal });
  return { server, visitors: () => visits };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
