import type { Command } from 'commander';
import type { ActivityEvent } from '../../domain/coordination/activity.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { activityLine } from '../coordination/activity-line.ts';
import { lastPosition } from '../coordination/last-position.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { readKey } from '../coordination/references.ts';
import { addStoreOptions, inRoom, prefixOf, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields } from '../json-output.ts';
import { readMoment } from '../moments.ts';
import { widthOf } from '../table.ts';

export interface ActivityFlags extends RoomFlags {
  readonly follow?: boolean;
  readonly since?: string;
  readonly after?: string;
  readonly task?: string;
  readonly agent?: string;
  readonly run?: string;
  readonly limit?: string;
}

const fields = ['seq', 'at', 'actor', 'task', 'run', 'change'] as const satisfies readonly (keyof ActivityEvent)[];
const pageSize = 500;

export function define(command: Command, cli: Cli): void {
  command
    .description(
      'What happened, oldest first: every claim, run, task, budget and message. ' +
        'With --follow it goes on until Ctrl-C; with --json too it is one object a line then.',
    )
    .option('--follow', 'go on with what comes')
    .option('--since <when>', 'from then on: 2h, 1d, 2026-11-21T08:00Z; an hour when nothing is said')
    .option('--after <seq>', 'after this position of the stream, however long ago')
    .option('--task <issue>', 'only about this issue')
    .option('--agent <id>', 'only by this agent, or by all whose id begins so: coder/')
    .option('--run <id>', 'only about this run')
    .option('--limit <n>', 'how many at most; 200 when absent, with --follow no limit');
  addStoreOptions(command).action((flags: ActivityFlags) => cli.run((io) => activity(flags, io)));
}

async function activity(flags: ActivityFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const limit = readLimit(flags.limit, 200);
  const task = flags.task === undefined ? undefined : await readKey(flags.task, flags, io);
  const taskPrefix = await prefixOf(flags, io);
  const after = readPosition(flags.after);
  return inRoom(flags, io, async (room) => {
    const filter = {
      ...(task !== undefined && { task }),
      ...(taskPrefix !== '' && { taskPrefix }),
      ...(flags.agent !== undefined && { actor: flags.agent }),
      ...(flags.run !== undefined && { run: flags.run }),
    };
    const since = after === undefined ? readMoment('--since', flags.since ?? '1h', room.clock.now()) : undefined;
    const begin = { ...filter, ...(after !== undefined && { after }), ...(since !== undefined && { since }) };
    const events = await room.store.activity.read({ ...begin, limit: flags.follow === true ? pageSize : limit });
    const show = (event: ActivityEvent): void => void io.stdout.write(eventText(event, flags, io));
    if (flags.follow !== true) {
      if (flags.json !== undefined) {
        io.stdout.write(listJson('events', events, { fields: flags.json, facts: { store: room.place } }));
      } else if (events.length === 0) io.stderr.write(`nothing happened in ${room.place} in this time\n`);
      else for (const event of events) show(event);
      return exitCodes.ok;
    }
    for (const event of events) show(event);
    const ended = io.untilStopped();
    const position = events.at(-1)?.seq ?? after ?? (await lastPosition(room.store.activity, filter));
    for await (const event of room.store.activity.follow({ ...filter, after: position }, io.signal)) show(event);
    await ended;
    return exitCodes.ok;
  });
}

function eventText(event: ActivityEvent, flags: ActivityFlags, io: CliIo): string {
  if (flags.json === undefined) {
    return `${activityLine(event, { width: widthOf(io.stdout, io.environment.columns), paint: io.paintOut })}\n`;
  }
  const wanted: readonly string[] = flags.json === '*' ? fields : flags.json.split(',').map((name) => name.trim());
  const chosen = Object.entries({ schema: 1, ...event }).filter(([name]) => name === 'schema' || wanted.includes(name));
  return `${JSON.stringify(Object.fromEntries(chosen))}\n`;
}

function readPosition(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new EntropyError({
    code: 'E100',
    message: `--after ${text} is no position`,
    fix: 'write the seq of an event: activity --json=seq shows them',
  });
}
