import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { CheckResult } from '../../runtime/doctor.ts';
import { checkText } from '../check-text.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { padTo, terminalLine } from '../terminal-text.ts';
import { type DeployFlags, withDeployment } from './deploy-flags.ts';

const statusFields = [
  'schema',
  'stack',
  'account',
  'region',
  'status',
  'app',
  'outputs',
  'releases',
  'rotating',
] as const;

export async function showStatus(flags: DeployFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, statusFields);
  return withDeployment(flags, io, async (context) => {
    const { readStatus } = await import('../../runtime/deploy/read-status.ts');
    const status = await readStatus(context);
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, ...status }, flags.json));
      return exitCodes.ok;
    }
    const { stack, account, region, app, outputs, releases, rotating } = status;
    const row = (name: string, text: string): void =>
      void io.stdout.write(`${padTo(name, 12)} ${terminalLine(text, 400)}\n`);
    row('stack', `${stack} in ${region}, account ${account}: ${status.status ?? 'not there'}`);
    row('App', app === null ? 'none yet' : `${app.slug} (${app.id}) of ${app.owner}, ${app.page}`);
    for (const [name, value] of Object.entries(outputs)) row(name, value);
    for (const { id, current, deployedAt } of releases) row(current ? 'release  ●' : 'release', `${id}  ${deployedAt}`);
    if (rotating) row('secret', 'a rotation was interrupted: entropy-playground deploy rotate-webhook-secret ends it');
    return exitCodes.ok;
  });
}

export async function runSelfTest(flags: DeployFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'ok', 'checks']);
  return withDeployment(flags, io, async (given) => {
    const { selfTest } = await import('../../runtime/deploy/self-test.ts');
    const { identified } = await import('../../runtime/deploy/read-status.ts');
    const context = await identified(given);
    const checks: CheckResult[] = [];
    for await (const result of selfTest(context)) {
      checks.push(result);
      if (flags.json === undefined) io.stdout.write(checkText(result, io.paintOut));
    }
    const ok = !checks.some(({ status }) => status === 'fail');
    if (flags.json !== undefined) io.stdout.write(jsonText({ schema: 1, ok, checks }, flags.json));
    return ok ? exitCodes.ok : exitCodes.failed;
  });
}
