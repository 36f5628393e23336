import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { RestoreRequest } from '../../runtime/deploy/restore-table.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';

export interface RestoreTableFlags {
  readonly to: string;
  readonly at?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly lost?: boolean;
  readonly dryRun?: boolean;
  readonly json?: string;
}

const fields = [
  'schema',
  'dryRun',
  'from',
  'table',
  'earliest',
  'latest',
  'streamArn',
  'fenceFloor',
  'held',
  'told',
  'next',
];

/** `state restore-table`: the drill, and the real thing. The table that is restored from is never touched. */
export async function restoreTableCommand(table: string, flags: RestoreTableFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const { restoreTableTo, restoreWindow } = await import('../../runtime/deploy/restore-table.ts');
  const request = readRequest(table, flags, io);
  const { earliest, latest } = await restoreWindow(request);
  const span = { earliest: new Date(earliest).toISOString(), latest: new Date(latest).toISOString() };
  const planned = cutOver(table, '<its stream, told when it is there>');
  if (flags.dryRun === true) {
    const lines = [
      `${table} can be restored to any second from ${span.earliest} to ${span.latest}`,
      `would make ${flags.to} as it was at ${flags.at ?? 'the latest of them'}, with stream, time to live, recovery and deletion protection`,
      `would end every lease in it, and raise its fences above all that ${flags.lost === true ? 'the clock allows' : 'both tables know'}`,
      'would change nothing else',
    ];
    return tell({ dryRun: true, from: table, table: flags.to, ...span, next: planned }, lines, flags, io);
  }
  const report = await restoreTableTo(request);
  const next = cutOver(table, report.streamArn);
  const lines = [
    `${report.table} is ${table} as it was at ${flags.at ?? span.latest}`,
    `fences go on above ${report.fenceFloor}; ${report.held} held claims of then can write no more; ${report.told} events were told anew`,
    ...(report.differences.length === 0 ? [] : [`told otherwise than stored: ${report.differences.join(', ')}`]),
    ...next.map((step, at) => `${at + 1}. ${step}`),
  ];
  return tell({ dryRun: false, from: table, ...report, ...span, next }, lines, flags, io);
}

/** Nobody may write into either table while the stack moves over, or what was written into the old one is lost. */
function cutOver(from: string, streamArn: string): readonly string[] {
  return [
    `let the stack use it: entropy-playground deploy --yes --set tableStreamArn=${streamArn}`,
    'look at what works now: entropy-playground deploy self-test',
    'bring the books up to what GitHub says: entropy-playground tasks sync -R OWNER/REPO',
    'revoke the API keys anew that were revoked after that moment: entropy-playground keys list',
    `the table of before, ${from}, stays; delete it when you are sure`,
  ];
}

function readRequest(table: string, flags: RestoreTableFlags, io: CliIo): RestoreRequest {
  const { to, at, region, profile } = flags;
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(to)) {
    throw usage(`--to ${to.slice(0, 60)} is no name of a table`, '3 to 255 letters, digits, _ . -');
  }
  if (to === table) throw usage('--to names the table itself', 'choose a new name: it is restored beside it');
  const moment = at === undefined ? undefined : Date.parse(at);
  if (moment !== undefined && Number.isNaN(moment)) {
    throw usage(`--at ${at} is no moment`, 'write it as 2026-11-21T15:45:00Z');
  }
  return {
    table,
    to,
    ...(moment !== undefined && { moment }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    replaced: flags.lost === true ? 'lost' : 'readable',
    onNote: (line) => void io.stderr.write(`  ${io.paintErr.faint(terminalLine(line, 400))}\n`),
    signal: io.signal,
  };
}

function tell(report: object, lines: readonly string[], flags: RestoreTableFlags, io: CliIo): ExitCode {
  if (flags.json !== undefined) io.stdout.write(jsonText({ schema: 1, ...report }, flags.json));
  else for (const line of lines) io.stdout.write(`${terminalLine(line, 400)}\n`);
  return exitCodes.ok;
}
