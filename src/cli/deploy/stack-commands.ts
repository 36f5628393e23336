import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { type DeployFlags, withDeployment } from './deploy-flags.ts';
import { confirmDeploy, confirmDestroy } from './deploy-questions.ts';

export async function showDiff(flags: DeployFlags, io: CliIo): Promise<ExitCode> {
  if (flags.json !== undefined)
    throw usage('deploy diff prints what the CDK says, which is no JSON', 'leave --json out');
  const print = (text: string): void => void io.stdout.write(text);
  return withDeployment(
    flags,
    io,
    async ({ world, options }) => {
      const { machineStep } = await import('../../runtime/deploy/steps/machine.ts');
      await machineStep.look({ world, options, deployment: undefined, note: () => undefined, tellAdminKey: noKey });
      const settings = ['--context', `settings=${world.files.settingsFile}`];
      const code = await world.cdk(['diff', options.stack, ...settings]);
      if (code === 0) return exitCodes.ok;
      throw new EntropyError({ code: 'E762', message: `cdk diff ended with ${code}`, fix: 'read what it says above' });
    },
    print,
  );
}

export async function rotate(flags: DeployFlags & { readonly retireOld?: boolean }, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'webhookUrl', 'version', 'resumed', 'old']);
  return withDeployment(flags, io, async (given) => {
    const { identified } = await import('../../runtime/deploy/read-status.ts');
    const { rotateWebhookSecret } = await import('../../runtime/deploy/rotate-webhook-secret.ts');
    const old = flags.retireOld === true ? 'retired' : 'counts-on';
    const report = await rotateWebhookSecret(await identified(given), old);
    const { webhookUrl, version, resumed } = report;
    const words = resumed ? 'the rotation that was begun is ended' : 'a new webhook secret counts';
    const oldWords =
      old === 'retired' ? 'the old one counts no more, within five minutes' : 'the old one counts on until the next';
    const text = `${io.paintOut.good('✔')} ${words} (version ${version}), GitHub signs for ${webhookUrl} with it; ${oldWords}\n`;
    io.stdout.write(flags.json === undefined ? text : jsonText({ schema: 1, ...report, old }, flags.json));
    return exitCodes.ok;
  });
}

export async function rollBackTo(flags: DeployFlags & { readonly to?: string }, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'release']);
  await agreeing(flags, io, () => confirmDeploy(io.signal));
  return withDeployment(flags, io, async (given) => {
    const { identified } = await import('../../runtime/deploy/read-status.ts');
    const { rollBack } = await import('../../runtime/deploy/rollback.ts');
    const { detail, deployment } = await rollBack(await identified(given), flags.to ?? '');
    const report = { schema: 1, release: deployment.releases.at(-1)?.id ?? null };
    const text = `${io.paintOut.good('✔')} ${detail}; data stayed as it is. Try it: entropy-playground deploy self-test\n`;
    io.stdout.write(flags.json === undefined ? text : jsonText(report, flags.json));
    return exitCodes.ok;
  });
}

export async function destroy(flags: DeployFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'stack', 'stays', 'app']);
  return withDeployment(flags, io, async (given) => {
    const { identified } = await import('../../runtime/deploy/read-status.ts');
    const { destroyStack, whatStays } = await import('../../runtime/deploy/destroy.ts');
    const context = await identified(given);
    const stays = await whatStays(context);
    const lines = stays.map(({ type, physicalId }) => `  stays     ${type}  ${physicalId}`);
    io.stderr.write(`${lines.map((line) => terminalLine(line, 400)).join('\n')}\n`);
    await agreeing(flags, io, () => confirmDestroy(flags.stack, io.signal));
    await destroyStack(context);
    const app = context.deployment?.app ?? null;
    const rest = app === null ? '' : `; the App ${app.slug} is still on GitHub: uninstall or delete it at ${app.page}`;
    const text = `${io.paintOut.good('✔')} the stack ${flags.stack} is gone${rest}\n`;
    const report = { schema: 1, stack: flags.stack, stays, app };
    io.stdout.write(flags.json === undefined ? text : jsonText(report, flags.json));
    return exitCodes.ok;
  });
}

async function agreeing(flags: DeployFlags, io: CliIo, ask: () => Promise<void>): Promise<void> {
  if (flags.yes === true) return;
  if (io.stdinIsTerminal && io.stderr.isTTY === true) return ask();
  throw usage('this changes an AWS account, and there is no terminal to agree on', 'add --yes');
}

async function noKey(): Promise<void> {}
