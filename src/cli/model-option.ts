import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../domain/error.ts';
import { parseModelChoice } from '../domain/model-choice.ts';
import type { ModelChoice } from '../domain/run-report.ts';
import type { CliIo } from './cli-io.ts';

/** `--model`, with its file made absolute and looked at, and the key asked for before any work begins. */
export async function readModel(spec: string, io: Pick<CliIo, 'cwd' | 'environment'>): Promise<ModelChoice> {
  const choice = parseModelChoice(spec);
  if (choice === undefined) {
    throw new EntropyError({
      code: 'E100',
      message: `--model ${spec} names no file`,
      fix: 'write --model anthropic, scripted:FILE or replay:FILE',
    });
  }
  if (choice.kind === 'anthropic') {
    requireKey(io);
    return choice;
  }
  const file = path.resolve(io.cwd, choice.file);
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) {
    throw new EntropyError({
      code: 'E102',
      message: `--model ${spec}: there is no file ${file}`,
      fix: choice.kind === 'scripted' ? 'name a script' : 'name the trajectory.jsonl of a recorded run',
    });
  }
  return { ...choice, file };
}

export function requireKey({ environment }: Pick<CliIo, 'environment'>): void {
  if (environment.hasModelKey) return;
  throw new EntropyError({
    code: 'E301',
    message: 'there is no key for the model: ANTHROPIC_API_KEY is not set',
    fix: 'export ANTHROPIC_API_KEY=…   (from https://platform.claude.com), or run without a model: --model scripted:FILE',
  });
}
