import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { EntropyError } from '../domain/error.ts';
import { defaultModelName, parseModelChoice } from '../domain/model-choice.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

export interface RunAgentOptions {
  readonly task: Task;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path; result.json and trajectory.jsonl are written there. */
  readonly resultDir: string;
  readonly hostPath: string;
  /** Absolute path of the home that set-up may have filled; it need not exist. */
  readonly home: string;
  /** Absolute path of a folder that somebody else empties: a worker that is killed cannot clear up after itself. */
  readonly tempDir: string;
  readonly version: string;
  /** Program and arguments that start the worker, e.g. `[process.execPath, 'dist/index.js', 'worker']`. */
  readonly workerCommand: readonly [string, ...string[]];
  /** Address of the Messages API; the broker sends the key there and nowhere else. */
  readonly anthropicBaseUrl: string;
  /** Called once, after the canary was contained; only then may the key enter this process's memory. */
  readonly takeKey: () => string | undefined;
}

/** Longest silence between asking the worker to stop and killing it. It collects the work in progress meanwhile. */
const stopGraceMs = 20_000;

/**
 * Runs the agent in a worker process that has neither key nor token, and is the broker for it: the worker asks for
 * answers of the model on loopback, this process adds the key and counts the money.
 */
export async function runAgent(options: RunAgentOptions, signal: AbortSignal): Promise<RunResult> {
  await mkdir(options.resultDir, { recursive: true });
  await using worker = startWorker(options, signal);
  worker.send({
    type: 'start',
    task: options.task,
    workspace: options.workspace,
    resultDir: options.resultDir,
    hostPath: options.hostPath,
    home: options.home,
    version: options.version,
  });
  const choice = parseModelChoice(options.task.agent.model);
  const broker = choice?.kind === 'anthropic' ? openBroker(options, choice.name ?? defaultModelName) : undefined;
  try {
    await worker.contained;
    worker.send({ type: 'armed', ...(broker === undefined ? {} : { broker: await (await broker).arm() }) });
    return await worker.finished;
  } finally {
    await (await broker)?.close();
  }
}

async function openBroker(options: RunAgentOptions, model: string) {
  const { startBroker } = await import('../adapters/broker/model-broker.ts');
  const { anthropicPrices, withPrices } = await import('../domain/price.ts');
  const { createSystemClock } = await import('../adapters/system/system-clock.ts');
  const broker = await startBroker({
    targetBaseUrl: options.anthropicBaseUrl,
    key: options.takeKey,
    budget: options.task.budget,
    allowedModels: [model],
    prices: withPrices(anthropicPrices, options.task.prices),
    clock: createSystemClock(),
  });
  return {
    arm: async () => {
      broker.arm();
      return { url: broker.url, token: broker.token };
    },
    close: () => broker.close(),
  };
}

interface Worker extends AsyncDisposable {
  readonly contained: Promise<void>;
  readonly finished: Promise<RunResult>;
  send(message: ToWorker): void;
}

function startWorker(options: RunAgentOptions, signal: AbortSignal): Worker {
  const [program, ...args] = options.workerCommand;
  const child = spawn(program, args, {
    // Only what is needed to find git, bwrap and a temporary folder: no key, no token, no runner variable.
    env: { PATH: options.hostPath, LANG: 'C.UTF-8', TMPDIR: options.tempDir },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const send = (message: ToWorker): void => {
    if (child.connected) child.send(message);
  };
  const contained = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<RunResult>();
  const fail = (error: Error): void => {
    contained.reject(error);
    finished.reject(error);
  };
  // Both are awaited by runAgent, one after the other; a rejection of the second must not count as unhandled meanwhile.
  finished.promise.catch(() => undefined);
  contained.promise.catch(() => undefined);

  child.on('message', (message: FromWorker) => {
    if (message.type === 'contained') contained.resolve();
    else if (message.type === 'finished') finished.resolve(message.result);
    else fail(new EntropyError(message.fault));
  });
  child.on('error', (cause) => fail(workerDied(`cannot be started: ${cause.message}`, cause)));
  child.on('exit', (code, killedBy) =>
    fail(workerDied(`ended with ${killedBy ?? `exit code ${code}`} before it had a result`)),
  );

  const stop = (): void => {
    send({ type: 'cancel', reason: String(signal.reason instanceof Error ? signal.reason.message : signal.reason) });
    setTimeout(() => child.kill('SIGKILL'), stopGraceMs).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });

  return {
    contained: contained.promise,
    finished: finished.promise,
    send,
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', stop);
      await ended(child);
    },
  };
}

/** The worker leaves by itself when its channel closes; one that does not is killed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  const killer = setTimeout(() => child.kill('SIGKILL'), 2_000);
  await exit;
  clearTimeout(killer);
}

function workerDied(how: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `the agent's worker process ${how}`,
    fix: 'its last steps are in trajectory.jsonl; /agent retry starts a new run',
    retryable: true,
    cause,
  });
}
