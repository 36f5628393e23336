import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AttemptRecord } from '../../domain/evaluation/attempt-record.ts';
import { coordinatorKeyVariable } from '../cli-environment.ts';
import { environmentWithout } from '../config.ts';
import { type AttemptRequest, costAtMost, nothingDone } from './attempt.ts';
import { parseFromAttempt, type ToAttempt } from './attempt-protocol.ts';

/** How long an attempt that was told to stop may take to close its sandbox. */
const graceMs = 30_000;

/**
 * One attempt in a process of its own, with our environment (the model's key is in it) and this PATH. An end without a
 * word is a record too: the evaluation goes on with the others. It counts with all that it was allowed to cost.
 */
export function runAttemptProcess(
  request: AttemptRequest,
  { hostPath, signal }: { readonly hostPath: string; readonly signal: AbortSignal },
): Promise<AttemptRecord> {
  const { promise, resolve, reject } = Promise.withResolvers<AttemptRecord>();
  const child = spawn(process.execPath, [beside('attempt-process')], {
    env: { ...environmentWithout(['GITHUB_TOKEN', 'GH_TOKEN', coordinatorKeyVariable]), PATH: hostPath },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  let record: AttemptRecord | undefined;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2_000);
  });
  child.on('message', (value) => {
    record = parseFromAttempt(value);
  });
  // With a callback: a child that is gone is told of by its end.
  const send = (message: ToAttempt): void => void (child.connected && child.send(message, () => undefined));
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    send({ type: 'stop', reason: 'the evaluation was stopped' });
    killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const settled = (): void => {
    clearTimeout(killer);
    signal.removeEventListener('abort', stop);
  };
  child.on('error', (cause) => {
    settled();
    reject(cause);
  });
  child.on('close', (code, killedBy) => {
    settled();
    if (record !== undefined) resolve(record);
    else {
      const how = `${killedBy ?? `exit code ${code}`} ${stderr.trim().split('\n').at(-1) ?? ''}`;
      resolve({ ...lost(request, how.trim()), verdict: signal.aborted ? 'stopped' : 'faulted' });
    }
  });
  if (signal.aborted) stop();
  send({ type: 'attempt', request });
  return promise;
}

function lost(request: AttemptRequest, how: string): Omit<AttemptRecord, 'verdict'> {
  const { issue, attempt } = request;
  const costUsd = costAtMost(request);
  const reason = `the process of the attempt ended without a result: ${how}`;
  return { ...nothingDone, issue, attempt, at: new Date().toISOString(), costUsd, reason };
}

function beside(module: string): string {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./${module}.${extension}`, import.meta.url));
}
