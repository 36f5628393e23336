import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/domain/run-result.ts';
import { type RunAgentOptions, runAgent } from '../../../src/runtime/run-agent.ts';
import { startWorker } from '../../../src/runtime/worker-link.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { realRepository } from '../../fakes/real-repository.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const result = readyResult(undefined);
const fromHex = (text: string): string => Buffer.from(text, 'hex').toString();
const soon = () => AbortSignal.timeout(9_000);

interface Room extends Disposable {
  readonly root: string;
  /** How often the key was asked for. */
  readonly keys: () => number;
  run(signal?: AbortSignal, model?: string): Promise<RunResult>;
  /** The same over a workspace that no sandbox can be opened for. */
  runWithoutSandbox(model: string): Promise<RunResult>;
}

/** A real worker process that speaks the protocol as `lines` say; `say` and `result` are at its hand. */
function worker(lines: string, onKey: () => void = () => undefined): Room {
  const script = `const result = ${JSON.stringify(result)};\nconst say = (message) => process.send(message, () => undefined);\n${lines}`;
  const folder = tempFolder({ 'worker.mjs': script });
  const repository = realRepository({ 'README.md': '# sample\n' });
  let keys = 0;
  const run = (workspace: string, model: string, signal: AbortSignal): Promise<RunResult> => {
    const task = sampleTask({ agent: { id: 'coder/x', role: 'coder', version: '0.1.0', model } });
    const command = [process.execPath, path.join(folder.root, 'worker.mjs')] as const;
    const options: RunAgentOptions = {
      task,
      workspace,
      resultDir: path.join(folder.root, 'result'),
      hostPath: '/usr/bin',
      home: path.join(folder.root, 'home'),
      egress: [process.execPath, '-e', 'process.exit(1)'],
      version: '0.1.0',
      worker: startWorker({ command, hostPath: '/usr/bin', tempDir: folder.root }),
      anthropicBaseUrl: 'http://127.0.0.1:9',
      takeKey: () => {
        keys += 1;
        onKey();
        return 'sk-ant-key';
      },
      secrets: () => ({ 'the key': 'sk-ant-key' }),
      log: () => undefined,
    };
    return runAgent(options, signal);
  };
  return {
    root: folder.root,
    keys: () => keys,
    run: (signal = soon(), model = 'scripted:none.yaml') => run(repository.root, model, signal),
    runWithoutSandbox: (model) => run(path.join(folder.root, 'none'), model, soon()),
    [Symbol.dispose]() {
      folder[Symbol.dispose]();
      repository[Symbol.dispose]();
    },
  };
}

/** Tells all that it was told, written so that nothing in it looks like a secret. */
const obedient = `
process.on('message', (message) => {
  if (message.type === 'broker') globalThis.broker = message;
  if (message.type === 'contained') say({ type: 'finished', result: { ...result, reason: Buffer.from(JSON.stringify({ broker: globalThis.broker, message, env: process.env })).toString('hex') } });
});`;

describe('what a worker hands over', () => {
  const leaking = (change: string) => `
    process.on('message', (message) => {
      if (message.type === 'contained') say({ type: 'finished', result: { ...result, ${change} } });
    });`;

  it('holds no value that this process knows, however it is written: its line is left out of what only tells', async () => {
    using room = worker(leaking(`reason: 'first\\n' + Buffer.from('sk-ant-key').toString('base64') + '\\nlast'`));
    const told = await room.run(soon(), 'claude-opus-4-8');
    expect(told.reason).toBe('first\n[left out: exact value of the key (base64)]\nlast');
    const onDisk = JSON.parse(readFileSync(path.join(room.root, 'result', 'result.json'), 'utf8'));
    expect(onDisk).toEqual(told);
  });

  it('is blocked as a whole when what is to be published holds one', async () => {
    using room = worker(leaking(`submission: { ...result.submission, body: 'tni yek-tna-ks' }`));
    const told = await room.run(soon(), 'claude-opus-4-8');
    expect(told).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('E602') });
    expect(told).not.toHaveProperty('submission');
  });
});

describe('the worker', () => {
  it('gets PATH, language and a temporary folder of its parent’s environment, and nothing else', async () => {
    using room = worker(obedient);
    const { env } = JSON.parse(fromHex((await room.run()).reason));
    // The channel itself is told by two variables of Node's; macOS adds one of its own.
    const ours = Object.keys(env).filter((name) => !/^(NODE_CHANNEL_|__CF)/.test(name));
    expect(ours.sort()).toEqual(['LANG', 'PATH', 'TMPDIR']);
  });

  it('is told where the broker is and how to use the sandbox, and never the key', async () => {
    using room = worker(obedient);
    const { broker, message } = JSON.parse(fromHex((await room.run(soon(), 'claude-opus-4-8')).reason));
    const address = { url: expect.stringMatching(/^http:\/\/127/), token: expect.any(String) };
    expect(broker).toEqual({ type: 'broker', ...address });
    const sandbox = expect.objectContaining({ rung: expect.any(String) });
    expect(message).toEqual({ type: 'contained', sandbox, passedOver: expect.any(Array) });
    expect(JSON.stringify([broker, message])).not.toContain('sk-ant-key');
    expect(room.keys()).toBe(1);
  });

  it('whose sandbox cannot be opened costs no look at the key', async () => {
    using room = worker(obedient);
    await expect(room.runWithoutSandbox('claude-opus-4-8')).rejects.toMatchObject({ code: 'E403' });
    expect(room.keys()).toBe(0);
  });

  it.each([
    ['at once', 'process.exit(3)', 'exit code 3'],
    ['by a signal', `process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
    [
      'when it has its sandbox',
      `process.on('message', (message) => message.type === 'contained' && process.exit(4))`,
      'exit code 4',
    ],
  ])('that dies %s ends the run with how it died, and trying again helps', async (_when, lines, how) => {
    using room = worker(lines);
    const message = `the agent's worker process ended with ${how} before it had a result`;
    await expect(room.run()).rejects.toMatchObject({ code: 'E900', retryable: true, message });
  });

  it('that says why it failed ends the run with its own code and fix', async () => {
    const fault = { code: 'E400', message: 'no sandbox', fix: 'install bubblewrap', retryable: false };
    using room = worker(`say({ type: 'failed', fault: ${JSON.stringify(fault)} }); process.disconnect()`);
    await expect(room.run()).rejects.toMatchObject(fault);
  });

  it.each([
    '"contained"',
    'null',
    '{}',
    '{"type":"contained","sandbox":{}}',
    '{"type":"finished","result":null}',
    '{"type":"failed"}',
    '{"type":"failed","fault":{"code":"E400"}}',
  ])('that says %s ends the run instead of the process', async (message) => {
    using room = worker(
      `say(JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(message)))})); setInterval(() => {}, 1000); process.on('disconnect', () => process.exit())`,
    );
    await expect(room.run()).rejects.toMatchObject({ message: expect.stringContaining('not in the protocol') });
  });

  it('is told in words when the run is cancelled, and may still hand over what it has', async () => {
    const cancel = new AbortController();
    const lines = `
      process.on('message', (message) => {
        if (message.type === 'cancel') say({ type: 'finished', result: { ...result, outcome: 'cancelled', reason: message.reason } });
      });`;
    using room = worker(lines, () => cancel.abort(new Error('stopped by @bob')));
    expect(await room.run(cancel.signal, 'claude-opus-4-8')).toMatchObject({
      outcome: 'cancelled',
      reason: 'stopped by @bob',
    });
  });

  it('hears of a cancel that came before it was started', async () => {
    using room = worker(`
      process.on('message', (message) => {
        if (message.type === 'cancel') say({ type: 'failed', fault: { code: 'E900', message: message.reason, fix: 'x', retryable: false } });
      });`);
    await expect(room.run(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('that cannot be started is E900 with the reason', async () => {
    using folder = tempFolder();
    await using link = startWorker({ command: [path.join(folder.root, 'none')], hostPath: '', tempDir: folder.root });
    await expect(link.finished).rejects.toMatchObject({ code: 'E900', message: expect.stringContaining('ENOENT') });
  });
});
