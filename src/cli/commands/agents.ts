import type { Command } from 'commander';
import { formatUsd } from '../../domain/budget.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { AgentSummary } from '../../ports/run-store.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { addStoreOptions, inRoom, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields } from '../json-output.ts';
import { ago, readMoment } from '../moments.ts';
import type { Paint } from '../paint.ts';
import { type Column, tableText, widthOf } from '../table.ts';

export interface AgentsFlags extends RoomFlags {
  readonly since?: string;
  readonly limit?: string;
}

const fields = [
  'agent',
  'run',
  'runs',
  'succeeded',
  'costMicroUsd',
  'lastSeenAt',
] as const satisfies readonly (keyof AgentSummary)[];

export function define(command: Command, cli: Cli): void {
  const list = command
    .command('list')
    .description('Agents, seen most recently first: what each is at, how many runs it had, what they cost.')
    .configureHelp({ sortOptions: false })
    .option('--since <when>', 'seen since: 2h, 1d, 2026-11-21')
    .option('--limit <n>', 'how many at most; 30 when absent');
  addStoreOptions(list).action((flags: AgentsFlags) => cli.run((io) => listAgents(flags, io)));
}

async function listAgents(flags: AgentsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const limit = readLimit(flags.limit, 30);
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const since = flags.since === undefined ? undefined : readMoment('--since', flags.since, now);
    const agents = await room.store.runs.agents({ limit, ...(since !== undefined && { since }) });
    if (flags.json !== undefined) {
      io.stdout.write(listJson('agents', agents, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (agents.length === 0) io.stderr.write(`no agent was seen in ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(agents, columns(now, io.paintOut), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

function columns(now: number, paint: Paint): readonly Column<AgentSummary>[] {
  return [
    { title: 'agent', of: ({ agent }) => agent.id, grows: true },
    { title: 'model', of: ({ agent }) => agent.model, max: 20 },
    {
      title: 'works on',
      of: ({ run }) => (run === undefined ? '–' : shortClaimName(run.task)),
      max: 22,
      paint: (text, { run }) => (run === undefined ? text : paint.busy(text)),
    },
    { title: 'runs', of: ({ runs }) => String(runs), align: 'right' },
    { title: 'ok', of: ({ succeeded }) => String(succeeded), align: 'right' },
    { title: 'usd', of: ({ costMicroUsd }) => formatUsd(costMicroUsd), align: 'right' },
    { title: 'seen', of: ({ lastSeenAt }) => ago(lastSeenAt, now) },
  ];
}
