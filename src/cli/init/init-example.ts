import path from 'node:path';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { CliIo } from '../cli-io.ts';
import { jsonText } from '../json-output.ts';
import { usage } from '../usage-error.ts';
import { exampleFile } from './example.ts';
import { foundText, nextSteps, planText } from './init-text.ts';
import { carryOut, planFiles } from './place-files.ts';

export interface ExampleFlags {
  readonly repo?: string;
  readonly form?: string;
  readonly model?: string;
  readonly coordinator?: string;
  readonly allowUsers?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: string;
}

/** One workflow and nothing else: it is looked at before it is pushed, and its first lines say which settings it wants. */
export async function initExample(flags: ExampleFlags, name: string, io: CliIo): Promise<ExitCode> {
  const others = [flags.form, flags.model, flags.coordinator, flags.allowUsers].some((given) => given !== undefined);
  if (others) throw usage('--example writes a workflow as it stands', 'leave the other options out, or --example');
  const { exampleWorkflows } = await import('../../runtime/examples.ts');
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const wanted = [exampleFile(await exampleWorkflows(), name)];
  const { hostPath, githubServerUrl } = io.environment;
  const start = path.resolve(io.cwd, flags.repo ?? '.');
  const found = await detectRepository({ start, hostPath, githubServerUrl, signal: io.signal });
  io.stderr.write(foundText(found));
  const plan = await planFiles(found.root, wanted, flags.force === true);
  if (flags.dryRun !== true) await carryOut(found.root, wanted, plan);
  const [file] = plan;
  const next = [
    `read its first lines:          ${file?.path ?? ''} says which settings it wants`,
    ...nextSteps(found, plan, { phrase: defaultSettings.triggerPhrase, dispatched: undefined }).slice(0, -1),
  ];
  if (flags.json !== undefined) {
    const { commands, defaultBranch, remote } = found;
    const told = { remote: remote?.location ?? null, defaultBranch: defaultBranch ?? null, commands };
    const report = { schema: 1, repository: found.root, dryRun: flags.dryRun === true, found: told, files: plan };
    io.stdout.write(jsonText({ ...report, secret: 'ANTHROPIC_API_KEY', comment: null, next }, flags.json));
  } else {
    io.stdout.write(planText(plan, wanted, flags.dryRun === true, io));
    if (flags.dryRun !== true) io.stdout.write(`\nNext\n${next.map((step, at) => `  ${at + 1}. ${step}\n`).join('')}`);
  }
  return exitCodes.ok;
}
