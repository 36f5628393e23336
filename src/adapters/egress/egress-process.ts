import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EgressReport } from '../../domain/egress/egress-report.ts';
import { EntropyError } from '../../domain/error.ts';
import type { EgressGate } from '../../ports/egress.ts';
import { type FromEgress, parseFromEgress, type ToEgress } from './egress-protocol.ts';

/** Program and arguments that start the process: `[process.execPath, 'dist/index.js', 'egress']`. */
export type EgressCommand = readonly [string, ...string[]];

const openMs = 20_000;
const reportMs = 2_000;

/** A process of its own for each way out: the one that opens sandboxes may come to hold a key. */
export function egressProcess([program, ...args]: EgressCommand): EgressGate {
  return {
    async open(request) {
      const child = spawn(program, args, {
        cwd: '/',
        env: { LANG: 'C.UTF-8' },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      const ended = once(child, 'exit').catch(() => undefined);
      const close = async (): Promise<void> => {
        child.ref();
        child.kill('SIGKILL');
        await ended;
      };
      try {
        await answer(child, { ask: { type: 'open', request }, wanted: 'open', ms: openMs });
      } catch (error) {
        await close();
        throw error;
      }
      // It must not keep this process alive; it notices by itself when this one is gone.
      child.unref();
      child.channel?.unref();
      const report = async (): Promise<EgressReport> =>
        (await answer(child, { ask: { type: 'report' }, wanted: 'report', ms: reportMs })).report;
      return { report, [Symbol.asyncDispose]: close };
    },
  };
}

interface Question<Type extends FromEgress['type']> {
  readonly ask: ToEgress;
  readonly wanted: Type;
  readonly ms: number;
}

async function answer<Type extends FromEgress['type']>(
  child: ChildProcess,
  { ask, wanted, ms }: Question<Type>,
): Promise<Extract<FromEgress, { type: Type }>> {
  const { promise, resolve, reject } = Promise.withResolvers<Extract<FromEgress, { type: Type }>>();
  let complained = '';
  const failed = (why: string, cause?: unknown): void => reject(cannotOpen(why, cause));
  const heard = (value: unknown): void => {
    const told = parseFromEgress(value);
    if (told?.type === wanted) resolve(told as Extract<FromEgress, { type: Type }>);
    else failed(told?.type === 'failed' ? told.why : 'its process said something that is not in the protocol');
  };
  const complains = (chunk: Uint8Array): void => {
    complained = (complained + new TextDecoder().decode(chunk)).slice(-1000);
  };
  const ends = (code: number | null): void => failed(complained.trim() || `its process ended with ${code}`);
  const breaks = (cause: Error): void => failed('its process did not start', cause);
  const timer = setTimeout(() => failed(`no answer within ${ms / 1000} s`), ms);
  child.on('message', heard).on('close', ends).on('error', breaks);
  child.stderr?.on('data', complains);
  try {
    if (child.connected) child.send(ask, (error) => error !== null && breaks(error));
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('message', heard).off('close', ends).off('error', breaks);
    child.stderr?.off('data', complains).resume();
  }
}

function cannotOpen(why: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E407',
    message: `the way to the allowed hosts cannot be opened: ${why}`,
    fix: 'see docs/network.md; without `network.agent` and `network.services` the agent needs none, and `network.setup: [open]` gives set-up the machine’s own network',
    ...(cause === undefined ? {} : { cause }),
  });
}
