import path from 'node:path';
import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { CheckResult } from '../../runtime/doctor.ts';
import type { CheckStatus, DoctorWorld } from '../../runtime/doctor-world.ts';
import { checkText } from '../check-text.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';

export interface DoctorFlags {
  readonly repo?: string;
  readonly json?: string;
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--repo <path>', 'the repository; the one around this folder when absent')
    .option(...jsonOption)
    .action((flags: DoctorFlags) =>
      cli.run(async (io) => {
        const { openDoctorWorld } = await import('../../runtime/doctor-wiring.ts');
        const { environment, signal, cwd } = io;
        return doctor(flags, io, () =>
          openDoctorWorld({ environment, signal, start: path.resolve(cwd, flags.repo ?? '.') }),
        );
      }),
    );
}

export async function doctor(flags: DoctorFlags, io: CliIo, open: () => Promise<DoctorWorld>): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'ok', 'checks']);
  const { examine } = await import('../../runtime/doctor.ts');
  const results: CheckResult[] = [];
  for await (const result of examine(await open(), io.signal)) {
    results.push(result);
    if (flags.json === undefined) io.stdout.write(checkText(result, io.paintOut));
  }
  const count = (status: CheckStatus): number => results.filter((result) => result.status === status).length;
  const ok = count('fail') === 0;
  if (flags.json !== undefined) io.stdout.write(jsonText({ schema: 1, ok, checks: results }, flags.json));
  else
    io.stdout.write(
      `\n${count('ok')} ok · ${count('warn')} to look at · ${count('fail')} failed · ${count('skip')} not seen\n`,
    );
  return ok ? exitCodes.ok : exitCodes.failed;
}
