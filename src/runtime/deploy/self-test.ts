import { createHmac, randomUUID } from 'node:crypto';
import { describeError, EntropyError } from '../../domain/error.ts';
import { installPage, missingOfApp } from '../../domain/github-app.ts';
import type { CheckResult } from '../doctor.ts';
import type { Finding } from '../doctor-world.ts';
import { known, type Outputs, outputsOf, type StepContext } from './step.ts';

interface SelfCheck {
  readonly id: string;
  readonly title: string;
  readonly look: (context: StepContext, outputs: Outputs) => Promise<Finding>;
}

const again = 'entropy-playground deploy';

/** From outside, as GitHub and runners meet it. Changes nothing: GitHub's ping starts nothing. */
const checks: readonly SelfCheck[] = [
  {
    id: 'health',
    title: 'API',
    look: ({ world }, { apiUrl }) => answers(world.request(`${apiUrl}/healthz`), apiUrl),
  },
  {
    id: 'ready',
    title: 'state',
    look: ({ world }, { apiUrl, table }) =>
      answers(world.request(`${apiUrl}/readyz`), `the table ${table} can be written to`),
  },
  { id: 'sign', title: 'App', look: lookAtApp },
  { id: 'hook', title: 'webhook', look: lookAtHook },
  {
    id: 'ping',
    title: 'signed ping',
    look: async (context, outputs) => {
      const { status, text } = await ping(context, outputs, await secretOf(context, outputs));
      if (status >= 200 && status < 300) return { status: 'ok', detail: `accepted with ${status}` };
      const fix = `${again} puts the secret in its place; then look at the log of the function webhook (docs/runbook.md)`;
      return { status: 'fail', detail: told('a signed ping', status, text), fix };
    },
  },
  {
    id: 'forged',
    title: 'forged ping',
    look: async (context, outputs) => {
      const { status, text } = await ping(context, outputs, 'a secret of somebody else');
      if (status === 401) return { status: 'ok', detail: 'refused with 401' };
      const fix = 'do not use it: anybody could start agents. Report this';
      return { status: 'fail', detail: told('a forged ping', status, text), fix };
    },
  },
  { id: 'installed', title: 'installation', look: lookAtInstallations },
  { id: 'queue', title: 'queue', look: lookAtQueues },
];

/** Looks at one thing after another; a check that cannot be made is a finding too. */
export async function* selfTest(context: StepContext): AsyncGenerator<CheckResult> {
  const { world } = context;
  const outputs = await outputsOf(context);
  if (outputs === undefined) {
    const detail = `there is no stack ${context.options.stack} in ${world.region ?? 'this region'}`;
    yield { id: 'stack', title: 'stack', status: 'fail', detail, fix: again };
    return;
  }
  for (const { id, title, look } of checks) {
    world.signal.throwIfAborted();
    const finding = await look(context, outputs).catch((error: unknown): Finding => {
      world.signal.throwIfAborted();
      const fix = error instanceof EntropyError ? error.fix : 'run it again; if it stays so, report it';
      return { status: 'fail', detail: describeError(error), fix };
    });
    yield { id, title, ...finding };
  }
}

async function answers(request: Promise<{ status: number; text: string }>, what: string): Promise<Finding> {
  const { status, text } = await request;
  if (status === 200) return { status: 'ok', detail: what };
  const fix =
    'look at the log of the function api (docs/runbook.md), then run it again: entropy-playground deploy self-test';
  return { status: 'fail', detail: told('the API', status, text), fix };
}

async function lookAtApp({ world, deployment }: StepContext, { appKeyId }: Outputs): Promise<Finding> {
  const app = known(deployment).app;
  if (app === undefined) return { status: 'fail', detail: 'no GitHub App is known here', fix: again };
  const me = await world.asApp(app, world.appKey(appKeyId)).me();
  if (me.id !== app.id) return { status: 'fail', detail: `KMS signs as ${me.slug}, not as ${app.slug}`, fix: again };
  const missing = missingOfApp(me);
  if (missing.length === 0) return { status: 'ok', detail: `KMS signs as ${me.slug}, which may do what is needed` };
  const fix = `${me.page}: App settings → Permissions & events; then whoever installed it agrees to the change`;
  return { status: 'warn', detail: `${me.slug} lacks ${missing.join(', ')}`, fix };
}

async function lookAtHook({ world, deployment }: StepContext, { appKeyId, webhookUrl }: Outputs): Promise<Finding> {
  const app = known(deployment).app;
  if (app === undefined) return { status: 'skip', detail: 'no GitHub App is known here' };
  const { url, contentType, hasSecret } = await world.asApp(app, world.appKey(appKeyId)).hook();
  if (url === webhookUrl && contentType === 'json' && hasSecret) return { status: 'ok', detail: url };
  const seen = `GitHub sends ${contentType} to ${url === '' ? 'nobody' : url}${hasSecret ? '' : ', without a secret'}`;
  return { status: 'fail', detail: seen, fix: `${again} registers ${webhookUrl}` };
}

async function lookAtInstallations({ world, deployment }: StepContext, { appKeyId }: Outputs): Promise<Finding> {
  const app = known(deployment).app;
  if (app === undefined) return { status: 'skip', detail: 'no GitHub App is known here' };
  const accounts = await world.asApp(app, world.appKey(appKeyId)).installedFor();
  if (accounts.length > 0) return { status: 'ok', detail: accounts.map(({ login }) => login).join(', ') };
  return { status: 'warn', detail: 'nobody installed the App yet', fix: installPage(app.page) };
}

async function lookAtQueues({ world }: StepContext, { queueUrl, deadLetterQueueUrl }: Outputs): Promise<Finding> {
  const [waiting, dead] = [await world.queueDepth(queueUrl), await world.queueDepth(deadLetterQueueUrl)];
  const detail = `${waiting} waiting, ${dead} dead`;
  if (dead === 0) return { status: 'ok', detail };
  return { status: 'warn', detail, fix: 'docs/runbook.md#dead-letters' };
}

async function secretOf({ world }: StepContext, { webhookSecretId }: Outputs): Promise<string> {
  const secret = await world.secrets.current(webhookSecretId, world.signal);
  if (secret !== undefined) return secret;
  throw new EntropyError({ code: 'E760', message: 'there is no webhook secret', fix: again });
}

/** As GitHub sends one when a webhook is made. */
async function ping({ world, deployment }: StepContext, { webhookUrl }: Outputs, secret: string) {
  const hook = { type: 'App', app_id: deployment?.app?.id ?? 0, active: true };
  const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 0, hook });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return world.request(webhookUrl, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
      'user-agent': 'GitHub-Hookshot/self-test',
    },
  });
}

function told(what: string, status: number, text: string): string {
  return status === 0 ? `${what} was not answered: ${text}` : `${what} was answered with ${status}: ${text}`;
}
