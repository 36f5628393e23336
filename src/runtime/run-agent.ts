import { mkdirSync } from 'node:fs';
import type { Broker } from '../adapters/broker/model-broker.ts';
import type { EgressCommand } from '../adapters/egress/egress-process.ts';
import { describeError } from '../domain/error.ts';
import { defaultModelName, parseModelChoice } from '../domain/model-choice.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { OpenedSandbox } from '../flows/open-sandbox.ts';
import { openTaskSandbox } from './sandboxes.ts';
import type { WorkerLink } from './worker-link.ts';

export interface RunAgentOptions {
  readonly task: Task;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path of what a pull request is measured against; for review and verification. */
  readonly base?: string;
  /** Absolute path; result.json and trajectory.jsonl are written there. */
  readonly resultDir: string;
  readonly hostPath: string;
  /** Absolute path of the home that set-up may have filled; it need not exist. */
  readonly home: string;
  /** Program and arguments that start the way out of a sandbox. */
  readonly egress: EgressCommand;
  /** A person asked for no sandbox, on their own machine. */
  readonly walls?: 'none';
  readonly version: string;
  /** Started already; this run ends it. */
  readonly worker: WorkerLink;
  /** Address of the Messages API; the broker sends the key there and nowhere else. */
  readonly anthropicBaseUrl: string;
  /** Called once, after the canary was contained; only then may the key enter this process's memory. */
  readonly takeKey: () => string | undefined;
  /** Asked at the end: values that must not leave, by the names that findings tell. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** For whoever reads along; may quote programs of the machine, in more than one line. */
  readonly log: (message: string) => void;
}

/**
 * Runs the agent in a worker process that has neither key nor token. This process opens the sandbox, proves it with a
 * canary and keeps it open; and it is the broker: the worker asks for answers of the model on loopback, this process
 * adds the key and counts the money.
 */
export async function runAgent(options: RunAgentOptions, signal: AbortSignal): Promise<RunResult> {
  await using worker = options.worker;
  // Not asynchronous: at the start of a process, a thread for it costs more than the call.
  mkdirSync(options.resultDir, { recursive: true });
  const stop = (): void => worker.stop(describeError(signal.reason));
  using cleanup = new DisposableStack();
  cleanup.defer(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  await using owned = new AsyncDisposableStack();
  const containing = openTaskSandbox(options, signal);
  // It is awaited further down; whatever fails before that, a sandbox that was opened is closed again.
  const settled = containing.catch(() => undefined);
  owned.defer(async () => (await settled)?.sandbox[Symbol.asyncDispose]());
  const { task, workspace, resultDir, hostPath, home, egress, version } = options;
  const walls = options.walls === undefined ? {} : { walls: options.walls };
  const base = options.base === undefined ? {} : { base: options.base };
  worker.send({ type: 'start', task, workspace, ...base, resultDir, hostPath, home, egress, version, ...walls });
  const choice = parseModelChoice(task.agent.model);
  const broker =
    choice?.kind === 'anthropic' ? owned.use(await openBroker(options, choice.name ?? defaultModelName)) : undefined;
  // It holds what the worker asks until the canary was contained.
  if (broker !== undefined) worker.send({ type: 'broker', url: broker.url, token: broker.token });

  const contained = await containing;
  // From here on the key may be in this process's memory.
  broker?.arm();
  const { passedOver } = contained;
  worker.send({ type: 'contained', sandbox: contained.sandbox.pass, passedOver });
  tellSandbox(contained, options.log);
  return await cleared(options);
}

/** Looking through what is handed over must end also when the run was cancelled. */
const clearingMs = 120_000;

/** The worker's end, and what it leaves behind without what only this process knows: it may be about to leave the machine. */
async function cleared({ worker, secrets, ...place }: RunAgentOptions): Promise<RunResult> {
  const [ended] = await Promise.allSettled([worker.finished]);
  // It must not write any more.
  await worker[Symbol.asyncDispose]();
  const { clearHandOver } = await import('./clear-hand-over.ts');
  const given = ended.status === 'fulfilled' ? ended.value : undefined;
  const result = await clearHandOver({ ...place, secrets: secrets() }, given, AbortSignal.timeout(clearingMs));
  if (ended.status === 'rejected') throw ended.reason;
  if (result === undefined) throw new Error('a result that was given is gone');
  return result;
}

function tellSandbox({ sandbox, passedOver }: OpenedSandbox, log: (line: string) => void): void {
  for (const { rung, reason, fix } of passedOver) log(`sandbox: ${rung} cannot be had: ${reason}\n  fix   ${fix}`);
  const proof = sandbox.rung === 'none' ? '' : '; the canary was contained';
  log(`sandbox: ${sandbox.description}${proof}`);
}

async function openBroker(options: RunAgentOptions, model: string): Promise<Broker> {
  const { startBroker } = await import('../adapters/broker/model-broker.ts');
  const { anthropicPrices, withPrices } = await import('../domain/price.ts');
  const { createSystemClock } = await import('../adapters/system/system-clock.ts');
  return startBroker({
    targetBaseUrl: options.anthropicBaseUrl,
    key: options.takeKey,
    budget: options.task.budget,
    allowedModels: [model],
    prices: withPrices(anthropicPrices, options.task.prices),
    clock: createSystemClock(),
  });
}
