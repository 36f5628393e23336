import path from 'node:path';
import type { Command } from 'commander';
import { readCoordinatorUrl } from '../../domain/coordinator-url.ts';
import { type DispatchedChoices, dispatchedWorkflowText } from '../../domain/dispatched-workflow-text.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseList } from '../../domain/quantity.ts';
import { settingProblem } from '../../domain/setting-rules.ts';
import { mergeSettings } from '../../domain/settings.ts';
import { type WorkflowForm, workflowText } from '../../domain/workflow-text.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { configText } from '../init/config-text.ts';
import { initExample } from '../init/init-example.ts';
import { foundText, nextSteps, planText } from '../init/init-text.ts';
import { carryOut, planFiles, type WantedFile } from '../init/place-files.ts';
import { type Answers, askQuestions } from '../init/questions.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { usage } from '../usage-error.ts';

export interface InitFlags {
  readonly repo?: string;
  readonly example?: string;
  readonly form?: string;
  readonly model?: string;
  readonly coordinator?: string;
  readonly allowUsers?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: string;
}

const workflowPath = '.github/workflows/agent.yml';
const fields = ['schema', 'repository', 'dryRun', 'found', 'files', 'secret', 'comment', 'next'] as const;

export function define(command: Command, cli: Cli): void {
  command
    .option('--repo <path>', 'the repository; the one around this folder when absent')
    .option('--example <name>', 'write just this workflow of the examples; docs/examples.md has them all')
    .option('--form <form>', 'three-jobs (default), one-step; with --coordinator also dispatched or central')
    .option('--model <model>', 'model that the agents use')
    .option('--coordinator <url>', 'keep claims and budgets at this coordinator; in git refs when absent')
    .option('--allow-users <logins>', 'may start agents besides people with write access; separated by commas')
    .option('-y, --yes', 'ask nothing, take the defaults')
    .option('--dry-run', 'show what would be written, write nothing')
    .option('--force', 'replace files that differ')
    .option(...jsonOption)
    .action((flags: InitFlags) => cli.run((io) => init(flags, io)));
}

export async function init(flags: InitFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  if (flags.example !== undefined) return initExample(flags, flags.example, io);
  const coordinatorUrl = coordinatorOf(flags);
  const dispatched = dispatchedForm(flags);
  const known = { ...knownAnswers(flags), ...(dispatched === undefined ? {} : { form: 'three-jobs' as const }) };
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const { readRepositoryConfig } = await import('../../runtime/repository-config.ts');
  const { checkWorkflows } = await import('../../runtime/check-workflows.ts');
  const { hostPath, githubServerUrl } = io.environment;
  const start = path.resolve(io.cwd, flags.repo ?? '.');
  const found = await detectRepository({ start, hostPath, githubServerUrl, signal: io.signal });
  // An existing configuration keeps its words: the workflow must listen to the same phrase and label.
  const existing = mergeSettings([await readRepositoryConfig(found.root)]).values;
  io.stderr.write(foundText(found));

  const defaults: Answers = { form: 'three-jobs', model: existing.model, allowUsers: existing.allowUsers };
  const answers = await answersFor({ known, defaults, flags, io });
  const [commands] = found.commands;
  const content =
    dispatched === undefined
      ? workflowText({
          ...{ form: answers.form, ...existing, ...coordinatorUrl },
          checkWorkflows: await checkWorkflows(found.root),
        })
      : dispatchedWorkflowText({ place: dispatched, coordinatorUrl: coordinatorUrl.coordinatorUrl ?? '' });
  const wanted: WantedFile[] = [
    { path: workflowPath, content },
    // Each repository keeps its own settings, also where its runs are carried out elsewhere.
    ...(dispatched === 'central'
      ? []
      : [
          {
            path: '.github/entropy.yml',
            content: configText({
              setup: existing.setup ?? commands?.setup,
              test: existing.test ?? commands?.test,
              ...answers,
            }),
          },
        ]),
  ];
  const plan = await planFiles(found.root, wanted, flags.force === true);
  if (flags.dryRun !== true) await carryOut(found.root, wanted, plan);

  const next = nextSteps(found, plan, { phrase: existing.triggerPhrase, dispatched });
  if (flags.json !== undefined) {
    const { commands: suggested, defaultBranch, remote } = found;
    const report = {
      schema: 1,
      repository: found.root,
      dryRun: flags.dryRun === true,
      found: { remote: remote?.location ?? null, defaultBranch: defaultBranch ?? null, commands: suggested },
      files: plan,
      secret: 'ANTHROPIC_API_KEY',
      comment: `${existing.triggerPhrase} fix`,
      next,
    };
    io.stdout.write(jsonText(report, flags.json));
  } else {
    io.stdout.write(planText(plan, wanted, flags.dryRun === true, io));
    if (flags.dryRun !== true) io.stdout.write(`\nNext\n${next.map((step, at) => `  ${at + 1}. ${step}\n`).join('')}`);
  }
  return exitCodes.ok;
}

function knownAnswers(flags: InitFlags): Partial<Answers> {
  const { model } = flags;
  const form = formOf(flags);
  const allowUsers = flags.allowUsers === undefined ? undefined : parseList(flags.allowUsers);
  const problem =
    (model === undefined ? undefined : settingProblem('model', model)) ??
    (allowUsers === undefined ? undefined : settingProblem('allowUsers', allowUsers));
  if (problem !== undefined) throw usage(`an option ${problem}`, 'correct it, or leave it out to be asked');
  return {
    ...(form === undefined ? {} : { form: form satisfies WorkflowForm }),
    ...(model === undefined ? {} : { model }),
    ...(allowUsers === undefined ? {} : { allowUsers }),
  };
}

function formOf({ form }: InitFlags): WorkflowForm | undefined {
  if (form === undefined || form === 'three-jobs' || form === 'one-step') return form;
  // `dispatchedForm` has looked at these.
  if (form === 'dispatched' || form === 'central') return undefined;
  throw usage(`--form ${form} is not known`, 'choose three-jobs, one-step, dispatched or central');
}

/** The forms in which nothing but a coordinator starts a run. */
function dispatchedForm({ form, coordinator }: InitFlags): DispatchedChoices['place'] | undefined {
  if (form !== 'dispatched' && form !== 'central') return undefined;
  if (coordinator === undefined) {
    throw usage(`--form ${form} needs the coordinator that starts the runs`, 'add --coordinator <url>');
  }
  return form === 'central' ? 'central' : 'own-repository';
}

function coordinatorOf({ coordinator }: InitFlags): { coordinatorUrl?: string } {
  if (coordinator === undefined) return {};
  const read = readCoordinatorUrl(coordinator);
  if (read.kind === 'url') return { coordinatorUrl: read.url };
  throw usage(`--coordinator ${read.problem}`, 'give the address that `entropy-playground serve` is reached at');
}

interface AnswersNeeded {
  readonly known: Partial<Answers>;
  readonly defaults: Answers;
  readonly flags: InitFlags;
  readonly io: CliIo;
}

async function answersFor({ known, defaults, flags, io }: AnswersNeeded): Promise<Answers> {
  const complete = known.form !== undefined && known.model !== undefined && known.allowUsers !== undefined;
  if (complete || flags.yes === true || flags.json !== undefined) return { ...defaults, ...known };
  const canAsk = io.stdinIsTerminal && io.stderr.isTTY === true;
  if (!canAsk)
    throw usage('init has questions, and there is no terminal to ask them', 'add --yes to take the defaults');
  return askQuestions(known, defaults, io.signal);
}
