import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowForm } from '../../../src/domain/workflow-text.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { type Canary, type CanaryKind, canary } from './planted.ts';

export interface Scenario {
  readonly form: WorkflowForm;
  /** `hunter` searches the machine; the others were told the key by their gateway, and pass it on. */
  readonly model: 'hunter' | 'knowing' | 'knowing backwards';
  /** A defence that is switched off; the actions then run from their sources. */
  readonly hole?: string;
}

export interface ScenarioRequest extends Scenario {
  /** What the process itself carries. */
  readonly around: readonly Canary[];
}

export interface Found {
  readonly kind: CanaryKind;
  readonly from: string;
  readonly spelling: string;
}

export interface ScenarioEnd {
  readonly outcome: string;
  readonly turns: number;
  readonly planted: readonly CanaryKind[];
  readonly places: Readonly<Record<string, { readonly characters: number; readonly found: readonly Found[] }>>;
}

const script = fileURLToPath(new URL('./run-scenario.ts', import.meta.url));

/** In a process that carries secrets itself, with an open descriptor that nobody closes for its children. */
export async function runScenario(scenario: Scenario): Promise<ScenarioEnd> {
  using folder = tempFolder();
  const inEnvironment = canary('parent process', 'its environment');
  const inArguments = canary('parent process', 'its arguments');
  const inDescriptor = canary('descriptor', 'descriptor 9');
  const request: ScenarioRequest = { ...scenario, around: [inEnvironment, inArguments, inDescriptor] };
  const [file, secret] = ['request.json', 'descriptor.txt'].map((name) => path.join(folder.root, name)) as [
    string,
    string,
  ];
  writeFileSync(file, JSON.stringify(request));
  writeFileSync(secret, `${inDescriptor.value}\n`);
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      'exec 9<"$1"; shift; exec "$@"',
      'sh',
      secret,
      process.execPath,
      script,
      file,
      `--token=${inArguments.value}`,
    ],
    {
      env: { ...process.env, SECRET_TOKEN: inEnvironment.value, TMPDIR: folder.root },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-4_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const line = output.split('\n').findLast((each) => each.startsWith('{"outcome"'));
  if (line === undefined) throw new Error(`the scenario ended with ${code} and told nothing: ${complaints}`);
  return JSON.parse(line) as ScenarioEnd;
}
