import type { Command } from 'commander';
import { formatUsd } from '../../domain/budget.ts';
import { type AmountName, amountNames } from '../../domain/coordination/amounts.ts';
import { type BudgetScopeKind, defaultCaps, scopeKind, utcDay } from '../../domain/coordination/budget-draws.ts';
import type { BudgetCaps, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseMinutes, parseUsd, parseWhole } from '../../domain/quantity.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { collect } from '../coordination/collect.ts';
import { whoIsIt } from '../coordination/references.ts';
import { amountText } from '../coordination/shortage-text.ts';
import { addStoreOptions, inRoom, type RoomFlags, repositoryOf } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { tableText, widthOf } from '../table.ts';
import { usage } from '../usage-error.ts';

export interface BudgetFlags extends RoomFlags {
  readonly usd?: string;
  readonly tokens?: string;
  readonly turns?: string;
  readonly minutes?: string;
  readonly githubPoints?: string;
  readonly runs?: string;
  readonly as?: string;
  readonly all?: boolean;
}

const bookFields = ['key', 'caps', 'reserved', 'spent', 'runs'] as const satisfies readonly (keyof BudgetRecord)[];

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });
  const scopes =
    'A scope is issue/OWNER/REPO/42, repository/OWNER/REPO, organisation/OWNER; with /day at its end it begins anew each day (UTC).';

  const show = sub('show', `What each budget allows, has reserved and has spent. ${scopes}`)
    .argument('[scope]', 'only budgets that begin so; those of -R when absent')
    .option('--all', 'those of earlier days too');
  addStoreOptions(show).action((scope: string | undefined, flags: BudgetFlags) =>
    cli.run((io) => showBudgets(scope, flags, io)),
  );

  const set = sub(
    'set',
    `Set limits of a scope, from now on and for its open books; what is left out stays as it is, none lifts a limit. ${scopes}`,
  )
    .argument('<scope>')
    .option('--usd <usd>', 'most money: 50, 0.50; here and below none lifts the limit')
    .option('--tokens <n>', 'most tokens')
    .option('--turns <n>', 'most turns')
    .option('--minutes <time>', 'most time: 600, 10h')
    .option('--github-points <n>', 'most requests to GitHub')
    .option('--runs <n>', 'runs at work at the same time')
    .option('--as <name>', 'who you are; the user of this machine when absent');
  addStoreOptions(set).action((scope: string, flags: BudgetFlags) => cli.run((io) => setBudget(scope, flags, io)));
}

async function showBudgets(scope: string | undefined, flags: BudgetFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, bookFields);
  const prefixes = scope === undefined ? await prefixesOf(flags, io) : [scope.toLowerCase()];
  return inRoom(flags, io, async (room) => {
    const today = utcDay(room.clock.now());
    const found = await Promise.all(prefixes.map((prefix) => collect(room.store.budgets.list(prefix))));
    const isNow = ({ key }: BudgetRecord): boolean => flags.all === true || !/\/day\//.test(key) || key.endsWith(today);
    const books = found.flat().filter(isNow);
    if (flags.json !== undefined) {
      io.stdout.write(listJson('budgets', books, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (books.length === 0) {
      io.stderr.write(`no books are open yet in ${room.place}; each opens with the first run that draws from it\n`);
      for (const [name, caps] of Object.entries(defaultCaps))
        io.stderr.write(`  ${name.padEnd(16)} ${capsText(caps)}\n`);
      return exitCodes.ok;
    }
    const rows = books.flatMap(limitsOf);
    const { paintOut: paint, environment } = io;
    const over = (row: LimitRow): boolean => row.cap !== undefined && row.used >= row.cap;
    const columns = [
      { title: 'budget', of: (row: LimitRow) => row.key, grows: true as const },
      {
        title: 'limit',
        of: (row: LimitRow) => (row.cap === undefined ? 'none' : amountText(row.name, row.cap)),
        align: 'right' as const,
      },
      {
        title: 'used',
        of: (row: LimitRow) => figure(row.name, row.used),
        align: 'right' as const,
        paint: (text: string, row: LimitRow) => (over(row) ? paint.bad(text) : text),
      },
      { title: 'reserved', of: (row: LimitRow) => figure(row.name, row.reserved), align: 'right' as const },
    ];
    io.stdout.write(tableText(rows, columns, { width: widthOf(io.stdout, environment.columns), paint }));
    return exitCodes.ok;
  });
}

interface LimitRow {
  readonly key: string;
  readonly name: AmountName | 'runs';
  readonly cap: number | undefined;
  /** Spent and reserved together. */
  readonly used: number;
  readonly reserved: number;
}

/** A line for each limit; for money always. */
function limitsOf({ key, caps, reserved, spent, runs }: BudgetRecord): readonly LimitRow[] {
  const amounts = amountNames
    .filter((name) => caps[name] !== undefined || name === 'microUsd')
    .map((name) => ({ key, name, cap: caps[name], used: spent[name] + reserved[name], reserved: reserved[name] }));
  return caps.runs === undefined
    ? amounts
    : [...amounts, { key, name: 'runs', cap: caps.runs, used: runs, reserved: runs }];
}

function figure(name: AmountName | 'runs', value: number): string {
  return name === 'microUsd' ? formatUsd(value) : value.toLocaleString('en-US');
}

async function prefixesOf(flags: BudgetFlags, io: CliIo): Promise<readonly string[]> {
  const repository = flags.repository === undefined ? undefined : await repositoryOf(flags, io);
  if (repository === undefined) return [''];
  const name = `${repository.owner}/${repository.name}`.toLowerCase();
  return [`repository/${name}`, `issue/${name}/`, `organisation/${repository.owner.toLowerCase()}`];
}

async function setBudget(given: string, flags: BudgetFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'scope', 'caps', 'before']);
  const { actor } = whoIsIt(flags.as, io);
  const scope = given.toLowerCase();
  const kind = scopeKind(scope);
  if (kind === undefined) {
    throw usage(
      `${given} is no scope of a budget`,
      'write issue/OWNER/REPO/42, repository/OWNER/REPO, organisation/OWNER, the last two with /day for each day; repository/OWNER/REPO/locks',
    );
  }
  const change = readCaps(flags);
  if (Object.keys(change).length === 0)
    throw usage('no limit is given', `write at least one: budgets set ${scope} --usd 50`);
  return inRoom(flags, io, async (room) => {
    const before = await capsNow(room, scope, kind);
    const caps = withChange(before, change);
    await room.store.budgets.setCaps(scope, caps, actor);
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, store: room.place, scope, caps, before }, flags.json));
      return exitCodes.ok;
    }
    io.stdout.write(`${io.paintOut.good('✔')} ${scope}: from now on ${capsText(caps)} (was ${capsText(before)})\n`);
    return exitCodes.ok;
  });
}

/** What a person set; else what the open book says (a repository's own settings, on plain GitHub); else what is built in. */
async function capsNow({ store, clock }: CoordinationRoom, scope: string, kind: BudgetScopeKind): Promise<BudgetCaps> {
  const { budgets } = store;
  const set = await budgets.caps(scope);
  if (set !== undefined) return set;
  const book = await budgets.read(kind.endsWith('/day') ? `${scope}/${utcDay(clock.now())}` : scope);
  return book?.caps ?? defaultCaps[kind];
}

type CapsChange = { readonly [Name in keyof BudgetCaps]: number | 'none' };

function withChange(before: BudgetCaps, change: CapsChange): BudgetCaps {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== 'none'));
}

function capsText(caps: BudgetCaps): string {
  const names = [...amountNames, 'runs'] as const;
  const parts = names.flatMap((name) => {
    const cap = caps[name];
    return cap === undefined ? [] : [`${amountText(name, cap)}${name === 'runs' ? ' at a time' : ''}`];
  });
  return parts.length === 0 ? 'no limit' : parts.join(', ');
}

function readCaps(flags: BudgetFlags): CapsChange {
  const read = (
    option: string,
    text: string | undefined,
    parse: (text: string) => number | undefined,
    example: string,
  ) => {
    if (text === undefined || text === 'none') return text;
    const value = parse(text);
    if (value === undefined) {
      throw usage(
        `${option} ${text} cannot be read`,
        `write ${option} ${example}, or ${option} none to lift the limit`,
      );
    }
    return value;
  };
  const whole = (text: string): number | undefined => parseWhole(text.replaceAll(/[_,]/g, ''), 0);
  const entries = {
    microUsd: read('--usd', flags.usd, parseUsd, '50'),
    tokens: read('--tokens', flags.tokens, whole, '100000000'),
    turns: read('--turns', flags.turns, whole, '1000'),
    minutes: read('--minutes', flags.minutes, parseMinutes, '10h'),
    githubPoints: read('--github-points', flags.githubPoints, whole, '5000'),
    runs: read('--runs', flags.runs, whole, '5'),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
