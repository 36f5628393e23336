import type { Command } from 'commander';
import { formatUsd } from '../../domain/budget.ts';
import { leaseOf } from '../../domain/claim.ts';
import { nothing } from '../../domain/coordination/amounts.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseUsd } from '../../domain/quantity.ts';
import { readyOnes } from '../../domain/query/ready-ones.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { agentOf } from '../coordination/agent-option.ts';
import { whoIsIt } from '../coordination/references.ts';
import { queryContext, readSearch } from '../coordination/search-option.ts';
import { shortageText } from '../coordination/shortage-text.ts';
import { addStoreOptions, inRoom, type RoomFlags, repositoryOf } from '../coordination/store-options.ts';
import { taskText } from '../coordination/task-view.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { readDuration } from '../moments.ts';

export interface NextFlags extends RoomFlags {
  readonly claim?: boolean;
  readonly search?: string;
  readonly for?: string;
  readonly as?: string;
  readonly human?: boolean;
  readonly maxCostUsd?: string;
  readonly reason?: string;
}

const fields = ['schema', 'store', 'outcome', 'task', 'lease', 'run', 'shortage'] as const;

export function define(command: Command, cli: Cli): void {
  command
    .description(
      'The next task that can be worked on: open, free, nothing it waits for; the most urgent first, then the oldest. ' +
        'With --claim it is claimed in the same call, its budget reserved, its run opened. ' +
        'Exit code 0 with a task, 8 when there is none now, 6 when a budget forbids it.',
    )
    .option('--claim', 'claim it; two who ask at once never get the same one')
    .option('--search <query>', "only tasks that fit: 'label:bug -label:wontfix milestone:v2'")
    .option('--for <time>', 'how long the claim lasts unless it is extended', '30m')
    .option('--human', 'claim it for yourself, until you release it')
    .option('--max-cost-usd <usd>', 'reserved from the budgets for this run')
    .option('--reason <text>', 'told to whoever wants it too')
    .option('--as <name>', 'the login behind @me, and the name with --human');
  addStoreOptions(command).action((flags: NextFlags) => cli.run((io) => next(flags, io)));
}

async function next(flags: NextFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const { actor, me } = whoIsIt(flags.as, io);
  const query = readSearch(flags.search, flags.repository === undefined ? undefined : await repositoryOf(flags, io));
  const ttlMs = readDuration('--for', flags.for ?? '30m', { min: 1_000, max: 40 * 86_400_000 });
  const microUsd = readCost(flags.maxCostUsd);
  return inRoom(flags, io, async (room) => {
    const context = queryContext(room.clock.now(), me);
    if (flags.claim !== true) {
      const { tasks } = await room.store.tasks.search(readyOnes(query), context, { offset: 0, limit: 1 });
      const [task] = tasks;
      if (flags.json !== undefined) {
        const outcome = task === undefined ? 'none' : 'ready';
        io.stdout.write(jsonText({ schema: 1, store: room.place, outcome, task: task ?? null }, flags.json));
      } else if (task !== undefined) io.stdout.write(taskText(task, room.clock.now(), io.paintOut));
      if (task === undefined) sayNone(flags, io);
      return task === undefined ? exitCodes.pending : exitCodes.ok;
    }
    const runId = room.newId();
    const agent = await agentOf(io, runId);
    const human = flags.human === true;
    const result = await room.next({
      query,
      context,
      agent: human ? { ...agent, id: actor } : agent,
      runId,
      leaseId: room.newId(),
      ttlMs,
      kind: human ? 'human' : 'agent',
      reason: flags.reason ?? 'next --claim',
      amounts: {
        ...nothing,
        microUsd,
        tokens: defaultSettings.maxTokens,
        turns: defaultSettings.maxTurns,
        minutes: defaultSettings.maxMinutes,
      },
    });
    const { kind, ...rest } = result;
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, store: room.place, outcome: kind, ...rest }, flags.json));
    }
    switch (result.kind) {
      case 'claimed': {
        if (flags.json !== undefined) return exitCodes.ok;
        io.stdout.write(taskText(result.task, room.clock.now(), io.paintOut));
        const name = shortClaimName(result.task.key);
        const until = human ? 'until you release it' : `for ${flags.for ?? '30m'}`;
        const lease = result.task.claim === undefined ? result.lease : leaseOf(result.task.claim);
        io.stdout.write(`${io.paintOut.good('✔')} yours ${until}, fence ${lease.fence}, run ${result.run.id}\n`);
        // Without --outcome the work counts as not done, and the next one gets the task again.
        const given = `${name} --lease ${result.lease.leaseId}`;
        io.stderr.write(`  work    entropy-playground claims hold ${given} -- COMMAND\n`);
        io.stderr.write(`  extend  entropy-playground claims extend ${given}\n`);
        io.stderr.write(`  done    entropy-playground claims release ${given} --outcome succeeded --cost-usd USD\n`);
        io.stderr.write(`  not     entropy-playground claims release ${given} --cost-usd USD\n`);
        return exitCodes.ok;
      }
      case 'none':
        sayNone(flags, io);
        return exitCodes.pending;
      case 'contended':
        if (flags.json === undefined)
          io.stderr.write(`others were faster ${result.tried} times; ask again in a minute\n`);
        return exitCodes.pending;
      case 'over-budget':
        if (flags.json === undefined) io.stderr.write(`${shortageText(result.shortage)}\n`);
        return exitCodes.overBudget;
      default:
        return result satisfies never;
    }
  });
}

function sayNone(flags: NextFlags, io: CliIo): void {
  if (flags.json !== undefined) return;
  const search = flags.search === undefined ? '' : ' that fits --search';
  io.stderr.write(`no task${search} is ready; entropy-playground tasks list shows what waits, and for what\n`);
}

function readCost(text: string | undefined): number {
  if (text === undefined) return defaultSettings.maxCostMicroUsd;
  const value = parseUsd(text);
  if (value !== undefined) return value;
  throw new EntropyError({
    code: 'E100',
    message: `--max-cost-usd ${text} is not an amount of US dollars`,
    fix: `write it as 2 or 0.50; ${formatUsd(defaultSettings.maxCostMicroUsd)} when absent`,
  });
}
