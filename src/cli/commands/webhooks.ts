import type { Command } from 'commander';
import { readCoordinatorUrl } from '../../domain/coordinator-url.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { HookDeliveryInfo, HookInfo } from '../../ports/forge-hooks.ts';
import type { HookRoom } from '../../runtime/webhooks.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { repositoryOf } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { ago } from '../moments.ts';
import type { Paint } from '../paint.ts';
import { type Column, tableText, widthOf } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

export interface HookFlags {
  readonly repository?: string;
  readonly coordinator?: string;
  readonly json?: string;
  readonly deliveries?: string;
  readonly limit?: string;
  readonly failed?: boolean;
}

const hookFields = ['id', 'url', 'events', 'active', 'lastStatus'] as const satisfies readonly (keyof HookInfo)[];
const deliveryFields = [
  'id',
  'guid',
  'event',
  'action',
  'deliveredAt',
  'redelivery',
  'status',
  'statusCode',
] as const satisfies readonly (keyof HookDeliveryInfo)[];

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command
      .command(name)
      .description(`${description} Needs a token that administers the repository (GITHUB_TOKEN).`)
      .configureHelp({ sortOptions: false });
  const place = (one: Command): Command =>
    one.option('-R, --repository <owner/repo>', "the repository; this folder's when absent").option(...jsonOption);

  const list = sub('list', 'The webhooks of a repository on GitHub and how their last deliveries went.').option(
    '--deliveries <id>',
    'the deliveries of this one, newest first',
  );
  place(list.option('--limit <n>', 'with --deliveries: how many; 30 when absent')).action((flags: HookFlags) =>
    cli.run((io) => listHooks(flags, io)),
  );

  const register = sub(
    'register',
    'Let GitHub tell a coordinator what happens. The secret is that of the coordinator, ENTROPY_WEBHOOK_SECRET. A hook that is there already is brought up to date.',
  ).option('--coordinator <url>', 'where to (ENTROPY_COORDINATOR_URL)');
  place(register).action((flags: HookFlags) => cli.run((io) => registerHook(flags, io)));

  const redeliver = sub(
    'redeliver',
    'Ask GitHub to send a delivery again, or all that failed. It never does so by itself.',
  )
    .argument('<hook>', 'id of the webhook')
    .argument('[delivery]', 'id of the delivery')
    .option('--failed', 'all of the newest that failed')
    .option('--limit <n>', 'with --failed: how many of the newest are looked at; 100 when absent');
  place(redeliver).action((hook: string, delivery: string | undefined, flags: HookFlags) =>
    cli.run((io) => redeliverTo({ hook, delivery }, flags, io)),
  );
}

async function withHooks(flags: HookFlags, io: CliIo, work: (room: HookRoom) => Promise<ExitCode>): Promise<ExitCode> {
  const repository: RepositoryRef | undefined = await repositoryOf(flags, io);
  if (repository === undefined) {
    throw new EntropyError({ code: 'E100', message: 'which repository?', fix: 'add -R OWNER/REPO' });
  }
  const { openHooks } = await import('../../runtime/webhooks.ts');
  const { environment, signal } = io;
  const log = (line: string): void => void io.stderr.write(`${io.paintErr.faint(terminalLine(line, 400))}\n`);
  return work(openHooks(repository, { environment, signal, log }));
}

async function listHooks(flags: HookFlags, io: CliIo): Promise<ExitCode> {
  const hook = flags.deliveries;
  checkFields(flags.json, hook === undefined ? hookFields : deliveryFields);
  const limit = readLimit(flags.limit, 30);
  return withHooks(flags, io, async ({ hooks, name }) => {
    const now = Date.now();
    const width = widthOf(io.stdout, io.environment.columns);
    const { paintOut: paint } = io;
    if (hook !== undefined) {
      const deliveries = await hooks.deliveries(readId('--deliveries', hook), limit);
      if (flags.json !== undefined) {
        io.stdout.write(listJson('deliveries', deliveries, { fields: flags.json, facts: { repository: name } }));
      } else if (deliveries.length === 0) io.stderr.write('nothing was delivered yet\n');
      else io.stdout.write(tableText(deliveries, deliveryColumns(now, paint), { width, paint }));
      return exitCodes.ok;
    }
    const all = await hooks.list();
    if (flags.json !== undefined) {
      io.stdout.write(listJson('webhooks', all, { fields: flags.json, facts: { repository: name } }));
    } else if (all.length === 0)
      io.stderr.write(`${name} has no webhooks; entropy-playground webhooks register makes one\n`);
    else io.stdout.write(tableText(all, hookColumns(paint), { width, paint }));
    return exitCodes.ok;
  });
}

async function registerHook(flags: HookFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'repository', 'action', 'webhook']);
  const given = flags.coordinator ?? io.environment.coordination.url;
  if (given === undefined) {
    throw new EntropyError({ code: 'E100', message: 'to which coordinator?', fix: 'add --coordinator https://HOST' });
  }
  const read = readCoordinatorUrl(given);
  if (read.kind === 'problem') {
    throw new EntropyError({
      code: 'E100',
      message: `--coordinator ${read.problem}`,
      fix: 'write --coordinator https://HOST',
    });
  }
  return withHooks(flags, io, async (room) => {
    const { action, webhook } = await room.register(read.url);
    const done = action === 'created' ? 'made' : 'brought up to date';
    const text = `${io.paintOut.good('✔')} webhook ${webhook.id} of ${room.name} was ${done}: ${webhook.events.join(', ')} → ${webhook.url}\n`;
    io.stdout.write(
      flags.json === undefined ? text : jsonText({ schema: 1, repository: room.name, action, webhook }, flags.json),
    );
    return exitCodes.ok;
  });
}

async function redeliverTo(
  given: { readonly hook: string; readonly delivery: string | undefined },
  flags: HookFlags,
  io: CliIo,
): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'repository', 'redelivered', 'missing']);
  const hook = readId('the webhook', given.hook);
  if ((given.delivery === undefined) === (flags.failed !== true)) {
    throw new EntropyError({
      code: 'E100',
      message: 'which delivery?',
      fix: `name one (entropy-playground webhooks list --deliveries ${hook} shows them), or write --failed`,
    });
  }
  const limit = readLimit(flags.limit, 100);
  const named = given.delivery === undefined ? undefined : readId('the delivery', given.delivery);
  return withHooks(flags, io, async ({ hooks, name }) => {
    const wanted = named === undefined ? failedOnes(await hooks.deliveries(hook, limit)) : [named];
    const redelivered: number[] = [];
    const missing: number[] = [];
    for (const id of wanted) {
      ((await hooks.redeliver(hook, id)) === 'accepted' ? redelivered : missing).push(id);
    }
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, repository: name, redelivered, missing }, flags.json));
    } else {
      io.stdout.write(`${io.paintOut.good('✔')} ${redelivered.length} of ${wanted.length} are sent again\n`);
    }
    if (named !== undefined && missing.length > 0) {
      throw new EntropyError({
        code: 'E726',
        message: `webhook ${hook} of ${name} has no delivery ${named}`,
        fix: 'GitHub keeps deliveries for some days only; sync instead: entropy-playground tasks sync',
      });
    }
    return exitCodes.ok;
  });
}

/** The newest attempt counts: what failed first and came through later is done. */
function failedOnes(deliveries: readonly HookDeliveryInfo[]): readonly number[] {
  const newest = new Map<string, HookDeliveryInfo>();
  for (const delivery of deliveries) if (!newest.has(delivery.guid)) newest.set(delivery.guid, delivery);
  const failed = [...newest.values()].filter(({ statusCode }) => statusCode < 200 || statusCode > 299);
  return failed.toReversed().map(({ id }) => id);
}

function hookColumns(paint: Paint): readonly Column<HookInfo>[] {
  return [
    { title: 'id', of: ({ id }) => String(id), align: 'right' },
    { title: 'to', of: ({ url }) => url, grows: true },
    { title: 'events', of: ({ events }) => events.join(' '), max: 24 },
    { title: 'active', of: ({ active }) => (active ? 'yes' : 'no') },
    {
      title: 'last',
      of: ({ lastStatus }) => (lastStatus === undefined ? '–' : `${lastStatus.code} ${lastStatus.text}`),
      max: 20,
      paint: (text, { lastStatus }) => (lastStatus !== undefined && lastStatus.code >= 300 ? paint.bad(text) : text),
    },
  ];
}

function deliveryColumns(now: number, paint: Paint): readonly Column<HookDeliveryInfo>[] {
  return [
    { title: 'delivery', of: ({ id }) => String(id), align: 'right' },
    { title: 'event', of: ({ event, action }) => (action === undefined ? event : `${event} ${action}`), grows: true },
    { title: 'when', of: ({ deliveredAt }) => ago(Date.parse(deliveredAt), now) },
    { title: 'again', of: ({ redelivery }) => (redelivery ? 'yes' : 'no') },
    {
      title: 'answer',
      of: ({ statusCode, status }) => (statusCode === 0 ? status : `${statusCode} ${status}`),
      max: 24,
      paint: (text, { statusCode }) => (statusCode >= 200 && statusCode < 300 ? paint.good(text) : paint.bad(text)),
    },
  ];
}

function readId(what: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new EntropyError({
    code: 'E100',
    message: `${what} ${text} is no id`,
    fix: 'entropy-playground webhooks list',
  });
}
