import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { LetterSummary } from '../../ports/queue-desk.ts';
import type { QueueDepth } from '../../ports/task-queue.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { addStoreOptions, inRoom, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { ago, shortDuration } from '../moments.ts';
import { type Column, tableText, widthOf } from '../table.ts';

export interface QueueFlags extends RoomFlags {
  readonly limit?: string;
}

const depthFields = [
  'waiting',
  'delayed',
  'inFlight',
  'dead',
  'oldestMs',
] as const satisfies readonly (keyof QueueDepth)[];
const letterFields = [
  'id',
  'task',
  'role',
  'reason',
  'detail',
  'deliveries',
  'diedAt',
] as const satisfies readonly (keyof LetterSummary)[];

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });

  const status = sub('status', 'How much work waits, is held back, is at work, and was given up.');
  addStoreOptions(status).action((flags: QueueFlags) => cli.run((io) => showStatus(flags, io)));

  const dead = sub('dead', 'Work that was given up, with the reason.').option(
    '--limit <n>',
    'how many at most; 20 when absent, 100 at most',
  );
  addStoreOptions(dead).action((flags: QueueFlags) => cli.run((io) => listDead(flags, io)));

  const redrive = sub(
    'redrive',
    'Hand out anew what was given up: what is named, or all. Mend the cause first, or it dies of it again.',
  ).argument('[ids...]', 'as `queue dead` tells them');
  addStoreOptions(redrive).action((ids: readonly string[], flags: QueueFlags) =>
    cli.run((io) => redriveDead(ids, flags, io)),
  );
}

async function showStatus(flags: QueueFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', ...depthFields]);
  return inRoom(flags, io, async (room) => {
    const depth = await room.queue().depth();
    if (flags.json !== undefined) {
      io.stdout.write(
        jsonText({ schema: 1, store: room.place, ...depth, oldestMs: depth.oldestMs ?? null }, flags.json),
      );
      return exitCodes.ok;
    }
    const oldest = depth.oldestMs === undefined ? '' : `, the oldest for ${shortDuration(depth.oldestMs)}`;
    const dead = `${depth.dead} given up`;
    const lines = [
      `${depth.waiting} waiting${oldest}`,
      `${depth.delayed} held back`,
      `${depth.inFlight} at work`,
      depth.dead === 0 ? dead : `${io.paintOut.bad(dead)}   (entropy-playground queue dead)`,
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
    return exitCodes.ok;
  });
}

async function listDead(flags: QueueFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, letterFields);
  const limit = readLimit(flags.limit, 20, 100);
  return inRoom(flags, io, async (room) => {
    const letters = await room.queue().deadLetters({ limit });
    if (flags.json !== undefined) {
      io.stdout.write(listJson('letters', letters, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (letters.length === 0) io.stderr.write(`nothing was given up in ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(letters, columns(room.clock.now()), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

function columns(now: number): readonly Column<LetterSummary>[] {
  return [
    { title: 'id', of: ({ id }) => id, max: 26 },
    { title: 'task', of: ({ task }) => task, max: 40 },
    { title: 'died', of: ({ diedAt }) => (diedAt === undefined ? '–' : ago(diedAt, now)) },
    { title: 'after', of: ({ deliveries }) => `${deliveries}×` },
    {
      title: 'reason',
      of: ({ reason, detail }) => (detail === undefined ? reason : `${reason}: ${detail}`),
      grows: true,
    },
  ];
}

async function redriveDead(ids: readonly string[], flags: QueueFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'redriven']);
  return inRoom(flags, io, async (room) => {
    const redriven = await room.queue().redrive(ids.length === 0 ? undefined : ids);
    if (flags.json !== undefined) io.stdout.write(jsonText({ schema: 1, store: room.place, redriven }, flags.json));
    else
      io.stdout.write(
        redriven === 0 ? 'nothing was handed out anew\n' : `${io.paintOut.good('✔')} ${redriven} handed out anew\n`,
      );
    // Whoever named some and finds fewer is told so by the code.
    const isLess = redriven < ids.length;
    if (isLess) io.stderr.write(`not among the dead letters: ${ids.length - redriven} of those named\n`);
    return isLess ? exitCodes.usage : exitCodes.ok;
  });
}
