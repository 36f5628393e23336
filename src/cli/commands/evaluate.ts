import path from 'node:path';
import type { Command } from 'commander';
import { ulid } from 'ulid';
import { adversaries } from '../../domain/evaluation/adversaries.ts';
import { issueKinds, issueLanguages } from '../../domain/evaluation/evaluation-issue.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseList, parseUsd, parseWhole } from '../../domain/quantity.ts';
import { defaultSettings, type SettingKey } from '../../domain/settings.ts';
import type { EvaluatedModel } from '../../runtime/evaluate/attempt.ts';
import type { EvaluationOptions, EvaluationReport } from '../../runtime/evaluate/evaluate.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { attemptLine, evaluationText } from '../evaluation-view.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { readModel } from '../model-option.ts';
import { newFolder } from '../new-place.ts';
import { addSettingOptions, readSettingOptions } from '../setting-options.ts';
import { usage } from '../usage-error.ts';

interface EvaluateFlags {
  readonly issues?: string;
  readonly model?: string;
  readonly only?: string;
  readonly language?: string;
  readonly kind?: string;
  readonly parallel: string;
  readonly repeat: string;
  readonly resume?: string;
  readonly out?: string;
  readonly maxCostUsd?: string;
  readonly json?: string;
}

const fields = [
  'schema',
  'model',
  'date',
  'version',
  'repeat',
  'attempts',
  'issues',
  'solved',
  'rate',
  'interval',
  'byLanguage',
  'byKind',
  'costUsd',
  'turns',
  'tokens',
  'seconds',
  'failures',
  'unjudged',
  'untried',
  'weakened',
  'results',
  'missing',
  'spentUsd',
  'stopped',
] as const satisfies readonly (keyof EvaluationReport)[];

/** Of one attempt; the rest is what the issue's repository says. */
const ownSettings: readonly SettingKey[] = ['maxTurns', 'maxTokens', 'maxMinutes', 'prices', 'requiredSandbox'];

export function define(command: Command, cli: Cli): void {
  command
    .description(
      'Lets a model work on issues whose right answers are known, in the same way as on yours, and tells how many it solved: ' +
        'hidden tests judge, not the model. Exit code 0 when all attempts were judged, whatever the rate; 6 when the money ended first.',
    )
    .option('--issues <dir>', 'folder of issues; bench/issues of this clone when absent')
    .option('--model <model>', `a model of yours, scripted:FILE, or built in: reference, ${adversaries.join(', ')}`)
    .option('--only <ids>', 'these issues, separated by commas')
    .option('--language <names>', issueLanguages.join(', '))
    .option('--kind <names>', issueKinds.join(', '))
    .option('--parallel <n>', 'attempts at the same time', '2')
    .option('--repeat <k>', 'attempts at each issue', '1')
    .option('--resume <file>', 'go on with these results; what is judged is not run again')
    .option('--out <dir>', 'leave results and runs there')
    .option('--max-cost-usd <usd>', 'most money of all attempts together; each may use 2 USD at most')
    .option(...jsonOption);
  addSettingOptions(command, ownSettings);
  command.action((flags: EvaluateFlags) =>
    cli.run(async (io) => {
      const { evaluate } = await import('../../runtime/evaluate/evaluate.ts');
      return run(flags, io, evaluate);
    }),
  );
}

export async function run(
  flags: EvaluateFlags,
  io: CliIo,
  evaluate: typeof import('../../runtime/evaluate/evaluate.ts')['evaluate'],
): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const options = await readOptions(flags, io);
  const say = (line: string): void => void io.stderr.write(`${line}\n`);
  const tell = {
    progress: (line: string) => say(`  ${line}`),
    attempt: (...told: Parameters<typeof attemptLine>) => say(attemptLine(...told)),
  };
  const report = await evaluate(options, tell, io.signal);
  io.stdout.write(flags.json === undefined ? evaluationText(report, io) : jsonText(report, flags.json));
  if (report.stopped === 'over-budget') return exitCodes.overBudget;
  return report.unjudged.length + report.untried.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function readOptions(flags: EvaluateFlags, io: CliIo): Promise<EvaluationOptions> {
  const { cwd, environment } = io;
  const at = (file: string): string => path.resolve(cwd, file);
  const modelName = flags.model ?? environment.settings.values.model ?? defaultSettings.model;
  const capUsd = flags.maxCostUsd === undefined ? undefined : readUsd(flags.maxCostUsd);
  const ceilingUsd = Math.min(defaultSettings.maxCostMicroUsd / 1e6, capUsd ?? Number.POSITIVE_INFINITY);
  const resume = flags.resume === undefined ? undefined : at(flags.resume);
  if (resume !== undefined && flags.out !== undefined)
    throw usage('--resume and --out exclude each other', 'choose one');
  const outDir =
    resume !== undefined
      ? path.dirname(resume)
      : flags.out !== undefined
        ? await newFolder('--out', at(flags.out))
        : path.join(environment.stateDir, 'evaluations', ulid());
  return {
    ...(flags.issues === undefined ? {} : { issuesDir: at(flags.issues) }),
    choice: {
      only: parseList(flags.only ?? ''),
      languages: words('--language', flags.language, issueLanguages),
      kinds: words('--kind', flags.kind, issueKinds),
    },
    model: await readEvaluated(modelName, io),
    modelName,
    repeat: count('--repeat', flags.repeat),
    parallel: count('--parallel', flags.parallel),
    ...(resume === undefined ? {} : { resume }),
    outDir,
    ...(capUsd === undefined ? {} : { capUsd }),
    ceilingUsd,
    settings: readSettingOptions({ ...flags, model: undefined, maxCostUsd: undefined }).values,
    hostPath: environment.hostPath,
    cacheDir: environment.stateDir,
  };
}

async function readEvaluated(name: string, io: CliIo): Promise<EvaluatedModel> {
  if (name === 'reference') return { kind: 'reference' };
  const adversary = adversaries.find((known) => known === name);
  if (adversary !== undefined) return { kind: 'adversary', name: adversary };
  return { kind: 'model', choice: await readModel(name, io) };
}

function words<Word extends string>(flag: string, text: string | undefined, known: readonly Word[]): readonly Word[] {
  return parseList(text ?? '').map((word) => {
    const found = known.find((each) => each === word);
    if (found === undefined) throw usage(`${flag} ${word} is not known`, `choose from: ${known.join(', ')}`);
    return found;
  });
}

function count(flag: string, text: string): number {
  const value = parseWhole(text, 1);
  if (value === undefined || value > 64) throw usage(`${flag} ${text} is not a number from 1 to 64`, `write ${flag} 2`);
  return value;
}

function readUsd(text: string): number {
  const value = parseUsd(text);
  if (value === undefined) throw usage(`--max-cost-usd ${text} is no amount of US dollars`, 'write it as 5 or 0.50');
  return value / 1e6;
}
