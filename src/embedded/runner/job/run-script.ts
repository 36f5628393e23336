import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunDefaults, StepWork } from '../definition/workflow-definition.ts';
import { evaluateText } from '../expression/evaluate.ts';
import type { Conclusion } from '../run-report.ts';
import type { StepExecution } from './job-run.ts';
import { runStepProcess } from './run-step-process.ts';
import { stepScope } from './step-scope.ts';

type ScriptWork = Extract<StepWork, { kind: 'run' }>;

interface Shell {
  readonly arguments: string;
  readonly extension: string;
  readonly wrap?: (script: string) => string;
}

/** How GitHub calls each shell (docs: "Workflow syntax", `jobs.<job_id>.steps[*].shell`). */
const shells: Readonly<Record<string, Shell>> = {
  bash: { arguments: '--noprofile --norc -e -o pipefail {0}', extension: '.sh' },
  sh: { arguments: '-e {0}', extension: '.sh' },
  python: { arguments: '{0}', extension: '.py' },
  pwsh: { arguments: `-command ". '{0}'"`, extension: '.ps1', wrap: powershell },
};

/** A `run:` step: the script becomes a file in the runner's temp folder and its shell is started with it. */
export async function runScript(work: ScriptWork, defaults: RunDefaults, step: StepExecution): Promise<Conclusion> {
  const { job } = step.frame;
  const scope = stepScope({ frame: step.frame, env: step.env, action: step.action });
  const script = evaluateText(work.script, scope) ?? '';
  const chosen = evaluateText(work.shell ?? defaults.shell, scope);
  const folder = evaluateText(work.workingDirectory ?? defaults.workingDirectory, scope) ?? '';
  const shell = shellFor(chosen, step);
  if (shell === undefined) {
    const message =
      "Invalid shell option. Shell must be a valid built-in (bash, sh, pwsh, python) or a format string containing '{0}'";
    step.channel.annotate('error', message);
    return 'failure';
  }
  const file = path.join(job.folders.temp, `${randomUUID()}${shell.extension}`);
  writeFileSync(file, shell.wrap === undefined ? script : shell.wrap(script));
  announce(script, chosen ?? `${shell.file} -e {0}`, step);
  return runStepProcess(
    {
      file: shell.file,
      args: splitArguments(shell.arguments).map((argument) => argument.replaceAll('{0}', file)),
      cwd: path.resolve(job.folders.workspace, folder),
      env: {},
      exitCode: 'announced',
    },
    step,
  );
}

function shellFor(chosen: string | undefined, step: StepExecution): (Shell & { readonly file: string }) | undefined {
  // Without a word from the author it is `bash -e`, not the stricter form that `shell: bash` means.
  if (chosen === undefined || chosen === '')
    return { file: hasBash(step) ? 'bash' : 'sh', arguments: '-e {0}', extension: '.sh' };
  const space = chosen.indexOf(' ');
  const file = space < 0 ? chosen : chosen.slice(0, space);
  const known = shells[file.toLowerCase()];
  const own = space < 0 ? '' : chosen.slice(space + 1).trim();
  const shell = { arguments: '', extension: '', ...known, file, ...(own === '' ? {} : { arguments: own }) };
  return shell.arguments.includes('{0}') ? shell : undefined;
}

function hasBash(step: StepExecution): boolean {
  const search = step.frame.job.services.env['PATH'] ?? '';
  return search.split(path.delimiter).some((folder) => existsSync(path.join(folder, 'bash')));
}

function powershell(script: string): string {
  return `$ErrorActionPreference = 'stop'\n${script}\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }`;
}

/** Spaces separate, double quotes hold together; nothing else is special, for no shell reads this line. */
function splitArguments(line: string): readonly string[] {
  const parts = line.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  return parts.map((part) => part.replaceAll('"', ''));
}

function announce(script: string, shell: string, step: StepExecution): void {
  const [first = ''] = script.split('\n');
  step.channel.log.write(`##[group]Run ${first}\n${script.trimEnd()}\nshell: ${shell}\n##[endgroup]`);
}
