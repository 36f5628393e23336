import { mkdir } from 'node:fs/promises';
import { describeError } from '../domain/error.ts';
import { defaultModelName, parseModelChoice } from '../domain/model-choice.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { WorkerLink } from './worker-link.ts';

export interface RunAgentOptions {
  readonly task: Task;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path; result.json and trajectory.jsonl are written there. */
  readonly resultDir: string;
  readonly hostPath: string;
  /** Absolute path of the home that set-up may have filled; it need not exist. */
  readonly home: string;
  readonly version: string;
  /** Started already; this run ends it. */
  readonly worker: WorkerLink;
  /** Address of the Messages API; the broker sends the key there and nowhere else. */
  readonly anthropicBaseUrl: string;
  /** Called once, after the canary was contained; only then may the key enter this process's memory. */
  readonly takeKey: () => string | undefined;
}

/**
 * Runs the agent in a worker process that has neither key nor token, and is the broker for it: the worker asks for
 * answers of the model on loopback, this process adds the key and counts the money.
 */
export async function runAgent(options: RunAgentOptions, signal: AbortSignal): Promise<RunResult> {
  await using worker = options.worker;
  await mkdir(options.resultDir, { recursive: true });
  const stop = (): void => worker.stop(describeError(signal.reason));
  using cleanup = new DisposableStack();
  cleanup.defer(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
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
