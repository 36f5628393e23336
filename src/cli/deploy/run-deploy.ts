import type { Deployment } from '../../domain/deployment.ts';
import { EntropyError } from '../../domain/error.ts';
import { installPage } from '../../domain/github-app.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { DeployMode, StepReport } from '../../runtime/deploy/deploy.ts';
import type { StepContext } from '../../runtime/deploy/step.ts';
import type { CheckResult } from '../../runtime/doctor.ts';
import { checkText } from '../check-text.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import type { Paint } from '../paint.ts';
import { padTo, terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { type DeployFlags, withDeployment } from './deploy-flags.ts';
import { askOwner, confirmDeploy } from './deploy-questions.ts';

const fields = [
  'schema',
  'ok',
  'dryRun',
  'stack',
  'account',
  'region',
  'steps',
  'app',
  'webhookUrl',
  'apiUrl',
  'selfTest',
  'next',
] as const;

/** `entropy-playground deploy`: says what it is about to do, does it, tries the result, says what is left to do. */
export async function runDeploy(flags: DeployFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const dryRun = flags.dryRun === true;
  const canAsk = io.stdinIsTerminal && io.stderr.isTTY === true;
  if (!dryRun && flags.yes !== true && !canAsk) {
    throw usage(
      'deploy changes an AWS account, and there is no terminal to agree on',
      'look with --dry-run, then add --yes',
    );
  }
  return withDeployment(flags, io, async (given) => {
    const context = await withOwner(given, canAsk && flags.yes !== true);
    const planned = dryRun || flags.yes !== true ? await walk(context, 'dry-run', flags, io) : undefined;
    if (dryRun) return tell({ ...noResult, ...planned, dryRun }, flags, io);
    if (planned !== undefined) await confirmDeploy(io.signal);
    const { steps, deployment } = await walk(context, 'deploy', flags, io).catch((error: unknown) => {
      io.stderr.write('\n  what was done is kept; when the problem is mended the same command goes on\n');
      throw error;
    });
    const checks = await tryOut({ ...context, deployment }, flags, io);
    return tell({ steps, deployment, checks, dryRun }, flags, io);
  });
}

async function withOwner(context: StepContext, ask: boolean): Promise<StepContext> {
  const { options, deployment, world } = context;
  const decided = options.owner ?? options.appId ?? deployment?.app ?? (await world.files.waitingKey());
  if (decided !== undefined || !ask) return context;
  return { ...context, options: { ...options, owner: await askOwner(world.signal) } };
}

async function walk(context: StepContext, mode: DeployMode, flags: DeployFlags, io: CliIo) {
  const { deploy } = await import('../../runtime/deploy/deploy.ts');
  const steps: StepReport[] = [];
  const story = deploy(context, mode);
  // What a person looks at: data of a dry run, progress of a deployment.
  const out = mode === 'dry-run' && flags.dryRun === true && flags.json === undefined ? io.stdout : io.stderr;
  for (;;) {
    const next = await story.next();
    if (next.done === true) return { steps, deployment: next.value };
    steps.push(next.value);
    out.write(stepLine(next.value, out === io.stdout ? io.paintOut : io.paintErr));
  }
}

function stepLine({ title, state, detail }: StepReport, paint: Paint): string {
  const marks = { there: paint.good('✔'), done: paint.good('✔'), planned: paint.busy('→') };
  return `${marks[state]} ${padTo(title, 16)} ${terminalLine(detail, 400)}\n`;
}

async function tryOut(context: StepContext, flags: DeployFlags, io: CliIo): Promise<readonly CheckResult[]> {
  const { selfTest } = await import('../../runtime/deploy/self-test.ts');
  const results: CheckResult[] = [];
  io.stderr.write('\n');
  for await (const result of selfTest(context)) {
    results.push(result);
    if (flags.json === undefined) io.stdout.write(checkText(result, io.paintOut));
  }
  return results;
}

interface Result {
  readonly steps: readonly StepReport[];
  readonly deployment: Deployment | undefined;
  readonly checks: readonly CheckResult[];
  readonly dryRun: boolean;
}

const noResult = { steps: [], deployment: undefined, checks: [] } as const;

function tell({ steps, deployment, checks, dryRun }: Result, flags: DeployFlags, io: CliIo): ExitCode {
  const ok = !checks.some(({ status }) => status === 'fail');
  const next = dryRun ? ['entropy-playground deploy'] : nextSteps(deployment, ok);
  if (flags.json !== undefined) {
    const { account = null, region = null, app = null, webhookUrl = null, apiUrl = null } = deployment ?? {};
    const place = { stack: flags.stack, account, region };
    const report = { schema: 1, ok, dryRun, ...place, steps, app, webhookUrl, apiUrl, selfTest: checks, next };
    io.stdout.write(jsonText(report, flags.json));
  } else if (!dryRun) {
    io.stdout.write(`\nNext\n${next.map((step, at) => `  ${at + 1}. ${step}\n`).join('')}`);
  }
  return ok ? exitCodes.ok : exitCodes.failed;
}

function nextSteps(deployment: Deployment | undefined, ok: boolean): readonly string[] {
  const { app, apiUrl } = deployment ?? {};
  if (app === undefined || apiUrl === undefined) throw incomplete();
  return [
    ...(ok ? [] : ['mend what failed above, then:   entropy-playground deploy self-test']),
    `install the App for repositories: ${installPage(app.page)}`,
    `let jobs have the model's key:    gh secret set ANTHROPIC_API_KEY --org ${app.owner}`,
    `in each repository:               entropy-playground init --coordinator ${apiUrl} --form dispatched`,
    'label an issue, or comment:       /agent fix',
  ];
}

function incomplete(): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: 'the deployment ended without an App or an address',
    fix: 'report this with the output above; entropy-playground deploy status tells what is there',
  });
}
