import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { settingNames } from '../../domain/settings.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { terminalText } from '../terminal-text.ts';
import { policyFile } from './policy-file.ts';

export interface CheckFlags {
  readonly repo?: string;
  readonly json?: string;
}

const fields = ['schema', 'ok', 'file', 'findings', 'set'] as const;

/** Ends with 2, as every wrong configuration does, when anything was found. */
export async function checkPolicy(named: string | undefined, flags: CheckFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const { name, content } = await policyFile(named, flags, io);
  const { examinePolicy, findingText } = await import('../../runtime/policy-report.ts');
  const report = await examinePolicy(content ?? '', name);
  const { findings, settings } = report;
  const set = Object.entries(settings.sources).filter(([, source]) => source !== 'default');
  const names = set.map(([key]) => settingNames[key as keyof typeof settingNames]);
  const ok = findings.length === 0;
  if (flags.json !== undefined) {
    io.stdout.write(
      jsonText({ schema: 1, ok, file: content === undefined ? null : name, findings, set: names }, flags.json),
    );
    return ok ? exitCodes.ok : exitCodes.usage;
  }
  const { good, bad, strong, faint } = io.paintOut;
  for (const finding of findings) {
    io.stdout.write(`${bad('✗')} ${terminalText(findingText(report, finding))}\n`);
    for (const { setting, line } of finding.with) {
      io.stdout.write(
        faint(`  with   ${setting}${line === null ? ', which is not in the file' : ` in line ${line}`}\n`),
      );
    }
    io.stdout.write(`  ${strong('fix')}    ${terminalText(finding.fix)}\n`);
  }
  if (ok && content === undefined) io.stdout.write(`${good('✔')} there is no ${name}; the defaults apply\n`);
  else if (ok)
    io.stdout.write(
      `${good('✔')} ${terminalText(name)}: ${names.length} settings, nothing wrong and nothing unsafe together\n`,
    );
  else io.stdout.write(`\n${findings.length} to correct; until then nothing is started\n`);
  return ok ? exitCodes.ok : exitCodes.usage;
}
