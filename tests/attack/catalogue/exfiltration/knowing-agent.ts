import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../../../src/domain/run-result.ts';
import { ownEgressCommand } from '../../../../src/runtime/own-worker.ts';
import { runAgent } from '../../../../src/runtime/run-agent.ts';
import { startWorker } from '../../../../src/runtime/worker-link.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const sources = fileURLToPath(new URL('../../../../src/runtime/', import.meta.url));

export interface HandedOver {
  readonly result: RunResult;
  /** Every file of the folder that leaves the job, one after the other. */
  readonly left: string;
}

export interface KnowingAgent {
  /** What the model does before it hands in, each a line of shell. */
  readonly commands: readonly string[];
  readonly title?: string;
  /** What the process around the agent knows; the agent has it from elsewhere. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A whole run in the real sandbox, with the worker as a process of its own, whose model does as it was told. */
export async function knowingAgent(agent: KnowingAgent, signal: AbortSignal): Promise<HandedOver> {
  using repository = realRepository({ 'README.md': '# sample\n' });
  const { commands, title = 'Do as asked', secrets } = agent;
  const calls = commands.map((command) => ({ tool: 'bash', input: { command } }));
  const submit = { tool: 'submit', input: { title, body: 'As the issue says.', verified: [] } };
  using folder = tempFolder({ 'result/.keep': '' });
  const script = path.join(folder.root, 'model.json');
  writeFileSync(script, JSON.stringify({ script: 1, replies: [{ calls }, { calls: [submit] }] }));
  const resultDir = path.join(folder.root, 'result');
  const hostPath = process.env['PATH'] ?? '';
  const result = await runAgent(
    {
      task: sampleTask({
        base: { branch: 'main', sha: repository.git('rev-parse', 'HEAD') },
        agent: { id: 'coder/x', role: 'coder', version: '0.1.0', model: `scripted:${script}` },
      }),
      workspace: repository.root,
      resultDir,
      hostPath,
      home: path.join(folder.root, 'home'),
      egress: ownEgressCommand(),
      version: '0.1.0',
      worker: startWorker({
        command: [process.execPath, `${sources}worker-process.ts`],
        hostPath,
        tempDir: repository.temp,
      }),
      anthropicBaseUrl: 'http://127.0.0.1:9',
      takeKey: () => undefined,
      secrets: () => secrets,
      log: () => undefined,
    },
    signal,
  );
  const left = ['result.json', 'trajectory.jsonl'].map((name) => readFileSync(path.join(resultDir, name), 'utf8'));
  return { result, left: left.join('\n') };
}
