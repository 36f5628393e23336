import type { Command } from 'commander';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { counted } from '../../domain/counted.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { defaultStaleAfterMs } from '../../domain/query/context.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { type ClaimFlags, check, extend, release, take, takeOver } from '../coordination/claim-actions.ts';
import { claimColumns, claimFields, claimView } from '../coordination/claim-view.ts';
import { collect } from '../coordination/collect.ts';
import { defaultTtl, type HoldFlags, hold } from '../coordination/hold-claim.ts';
import { addPlaceOptions, addStoreOptions, inRoom, prefixOf, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { ago, readDuration } from '../moments.ts';
import { tableText, widthOf } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

export interface ListFlags extends RoomFlags {
  readonly all?: boolean;
  readonly expired?: boolean;
}

export interface SweepFlags extends RoomFlags {
  readonly dryRun?: boolean;
  readonly stale?: string;
}

const what = '<issue>';
const about = 'An issue is 42, octo/slug#42 or its address; locks/NAME is a lock of your own.';

export function define(command: Command, cli: Cli): void {
  command.enablePositionalOptions();
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });
  const as = ['--as <name>', 'who you are; the user of this machine when absent'] as const;

  const list = sub('list', 'Who works on what, since when and until when.')
    .option('--all', 'free ones too')
    .option('--expired', 'only what agents hold past their lease');
  addStoreOptions(list).action((flags: ListFlags) => cli.run((io) => listClaims(flags, io)));

  const takes = sub('take', `Take a claim. As a person you hold it until you release it. ${about}`)
    .argument(what)
    .option('--reason <text>', 'told to whoever wants it too')
    .option('--agent', 'for a program: the claim ends with --for unless it is extended')
    .option('--for <time>', 'how long, for --agent: 90s, 30m, 2h', '30m')
    .option(...as);
  addStoreOptions(takes).action((issue: string, flags: ClaimFlags) => cli.run((io) => take(issue, flags, io)));

  const releases = sub(
    'release',
    `Give a claim of yours back; of one that next --claim took, say how the work ended. ${about}`,
  )
    .argument(what)
    .option('--outcome <outcome>', 'how it ended: succeeded, failed, no_change, blocked …; absent: not done')
    .option('--reason <text>', 'why it ended so')
    .option('--pull-request <n>', 'what came of it')
    .option(
      '--cost-usd <usd>',
      'what it cost; the rest goes back. Absent, and never told by the agent: all that it reserved',
    )
    .option('--tokens <n>', 'how many tokens it used, likewise')
    .option('--lease <id>', 'the lease that take printed, when it was taken under another name')
    .option(...as);
  addStoreOptions(releases).action((issue: string, flags: ClaimFlags) => cli.run((io) => release(issue, flags, io)));

  const checks = sub(
    'check',
    `Who holds it. Exit code 0 when it is free or yours, 8 when somebody else has it. ${about}`,
  )
    .argument(what)
    .option('--fence <n>', 'ask whether this grant still counts')
    .option(...as);
  addStoreOptions(checks).action((issue: string, flags: ClaimFlags) => cli.run((io) => check(issue, flags, io)));

  const extends_ = sub('extend', `Hold a claim of yours for longer, counted from now. ${about}`)
    .argument(what)
    .option('--for <time>', 'how long: 90s, 30m, 2h', '30m')
    .option('--lease <id>', 'the lease that take printed, when it was taken under another name')
    .option(...as);
  addStoreOptions(extends_).action((issue: string, flags: ClaimFlags) => cli.run((io) => extend(issue, flags, io)));

  const holds = sub(
    'hold',
    `Run a command while the lease of a claim is kept up, and end it when the claim is lost or somebody asks it to stop. ${about}`,
  )
    .argument(what)
    .argument('<command...>', 'behind --: the program and its arguments, without a shell; its exit code is ours')
    .option('--lease <id>', 'the lease that take and next print, when it was taken under another name')
    .option('--ttl <time>', 'how soon the claim is free when this machine dies; renewed at a third of it', defaultTtl)
    .option(...as);
  addPlaceOptions(holds).action((issue: string, words: readonly string[], flags: HoldFlags) =>
    cli.run((io) => hold(issue, words, flags, io)),
  );

  const sweeps = sub(
    'sweep',
    'Free what dead agents hold, and hand their tasks back. Safe to run at any time, by many.',
  )
    .option('--dry-run', 'only tell what would be freed')
    .option('--stale <time>', 'tell of runs without progress for this long; 30m when absent');
  addStoreOptions(sweeps).action((flags: SweepFlags) => cli.run((io) => sweep(flags, io)));

  const takesOver = sub(
    'takeover',
    `Take a claim from whoever has it; the fence grows, so the other can write no more. ${about}`,
  )
    .argument(what)
    .option('--fence <n>', 'only if it still is this grant')
    .option('--reason <text>', 'told to the other')
    .option(...as);
  addStoreOptions(takesOver).action((issue: string, flags: ClaimFlags) => cli.run((io) => takeOver(issue, flags, io)));
}

async function listClaims(flags: ListFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, claimFields);
  const prefix = await prefixOf(flags, io);
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const filter = {
      ...(flags.all !== true && ({ state: 'held' } as const)),
      ...(prefix !== '' && { prefix }),
      ...(flags.expired === true && { expiredAt: now }),
    };
    const claims = await collect(room.store.claims.list(filter));
    const views = claims.map((claim) => claimView(claim, now));
    if (flags.json !== undefined) {
      io.stdout.write(listJson('claims', views, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (views.length === 0) io.stderr.write(`no ${flags.expired === true ? 'expired ' : ''}claims in ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(views, claimColumns(now, io.paintOut), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

async function sweep(flags: SweepFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'looked', 'freed', 'stale', 'dryRun']);
  const limits = { min: 1_000, max: 40 * 86_400_000 };
  const stale = flags.stale === undefined ? defaultStaleAfterMs : readDuration('--stale', flags.stale, limits);
  const prefix = await prefixOf(flags, io);
  return inRoom(flags, io, async (room) => {
    const dryRun = flags.dryRun === true;
    const report = await room.sweep({ staleAfterMs: stale, dryRun, ...(prefix !== '' && { prefix }) });
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, store: room.place, ...report, dryRun }, flags.json));
      return exitCodes.ok;
    }
    const now = room.clock.now();
    for (const { claim, why, task } of report.freed) {
      const reason =
        why === 'lease-ran-out' ? `lease ended ${ago(claim.expiresAt, now)}` : 'its workflow run has ended';
      const then = task === undefined ? '' : `; the task is ${task.replace('_', ' ')}`;
      const verb = dryRun ? 'would be freed' : 'freed';
      const line = `${shortClaimName(claim.key)}  ${verb} from ${claim.holder.owner}: ${reason}${then}`;
      io.stdout.write(`${io.paintOut.good('✔')} ${terminalLine(line, 400)}\n`);
    }
    for (const { key, holder, progressAt, acquiredAt } of report.stale) {
      const line = `${shortClaimName(key)}  ${holder.owner} lives, but got no further since ${ago(progressAt ?? acquiredAt, now)}`;
      io.stdout.write(`${io.paintOut.warn('!')} ${terminalLine(line, 400)}\n`);
    }
    io.stderr.write(`${counted(report.looked, 'claim')} of agents looked at, ${report.freed.length} freed\n`);
    return exitCodes.ok;
  });
}
