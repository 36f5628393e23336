import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { explainPath } from '../../domain/policy/explain-path.ts';
import { explainPerson, explainTeam, type PersonVerdict } from '../../domain/policy/explain-person.ts';
import { mergeSettings, patchPolicyOf, settingNames } from '../../domain/settings.ts';
import { readWhoEntry } from '../../domain/who-may.ts';
import type { PolicyPlace } from '../../runtime/policy-place.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { padTo, terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { policyFile } from './policy-file.ts';

export interface ExplainFlags {
  readonly repo?: string;
  readonly file?: string;
  readonly as?: string;
  readonly json?: string;
}

const fields = ['schema', 'kind', 'subject', 'file', 'verdict', 'rules', 'commands'] as const;

interface Told {
  readonly settings: ReturnType<typeof mergeSettings>['values'];
  readonly placeOf: PolicyPlace;
  readonly file: string | null;
}

/** Reads the file as the gate would (a wrong one is E101), and tells which of its rules decide about one path or person. */
export async function explainPolicy(subject: string, flags: ExplainFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const kind = kindOf(subject, flags.as);
  const { name, content } = await policyFile(flags.file, flags, io);
  const [{ parseRepositoryConfig }, { policyPlaces }] = await Promise.all([
    import('../../runtime/repository-config.ts'),
    import('../../runtime/policy-place.ts'),
  ]);
  const layers = content === undefined ? [] : [await parseRepositoryConfig(content, name)];
  const told: Told = {
    settings: mergeSettings(layers).values,
    placeOf: await policyPlaces(content ?? '', name),
    file: content === undefined ? null : name,
  };
  const say = { path: sayPath, user: sayPerson, team: sayTeam }[kind];
  say(subject.replace(/^@/, ''), told, flags, io);
  return exitCodes.ok;
}

type SubjectKind = 'path' | 'user' | 'team';

function kindOf(subject: string, as: string | undefined): SubjectKind {
  if (subject.trim() === '') throw usage('nothing was named', 'name a path, or a person: @alice');
  if (as === 'path') return 'path';
  if (as === 'user') return personKind(subject);
  if (as !== undefined) throw usage(`--as ${as} is neither path nor user`, 'write --as path or --as user');
  if (subject.startsWith('@') || subject.endsWith('[bot]')) return personKind(subject);
  if (/[/.]/.test(subject) || !/^[A-Za-z0-9-]{1,39}$/.test(subject)) return 'path';
  throw usage(`"${subject}" could be a path or a login`, `write @${subject}, or --as path`);
}

function personKind(subject: string): SubjectKind {
  const entry = readWhoEntry(subject);
  if (entry?.kind === 'team') return 'team';
  // A permission's word is a login as well.
  if (entry !== undefined || subject === '@none') return 'user';
  throw usage(
    `"${terminalLine(subject, 60)}" is no login and no team`,
    'write @alice, renovate[bot] or @octo/security; for a path of such a name add --as path',
  );
}

function sayPath(path: string, { settings, placeOf, file }: Told, flags: ExplainFlags, io: CliIo): void {
  const verdict = explainPath(path, patchPolicyOf(settings));
  const rules = verdict.rules.map(({ setting, glob, ...rule }) => ({
    ...rule,
    setting: setting === undefined ? null : settingNames[setting],
    glob: glob ?? null,
    change: rule.change ?? null,
    place: setting === undefined ? null : (placeOf(setting, ...(glob === undefined ? [] : [glob])) ?? null),
  }));
  if (flags.json !== undefined) {
    const report = { schema: 1, kind: 'path', subject: path, file, verdict: verdict.kind, rules };
    io.stdout.write(jsonText(report, flags.json));
    return;
  }
  const { good, bad, warn, faint } = io.paintOut;
  const heads = {
    allowed: good('may change'),
    held: warn('may change once somebody has approved it'),
    refused: bad('may not change, whoever approves'),
  };
  const folder = path.endsWith('/') ? 'a file in it that no other rule names ' : '';
  io.stdout.write(`${terminalLine(path, 200)}  ${folder}${heads[verdict.kind]}\n`);
  for (const { strength, why, setting, glob, place, change } of rules) {
    const rule = setting === null ? 'built in' : `${setting}${glob === null ? '' : `: ${glob}`}`;
    io.stdout.write(`  ${padTo(strength, 6)} ${terminalLine(why, 160)}\n`);
    io.stdout.write(faint(`         ${terminalLine(rule, 120)}${place === null ? '' : `  ${place}`}\n`));
    if (change !== null) io.stdout.write(faint(`         to change it: ${terminalLine(change, 160)}\n`));
  }
  if (rules.length === 0) io.stdout.write('  no rule names it\n');
}

function sayPerson(login: string, { settings, placeOf, file }: Told, flags: ExplainFlags, io: CliIo): void {
  const commands = explainPerson(login, settings).map(({ setting, ...verdict }) => ({
    ...verdict,
    setting: setting === undefined ? null : settingNames[setting],
    place: setting === undefined ? null : (placeOf(setting, setting === 'who' ? verdict.command : login) ?? null),
  }));
  if (flags.json !== undefined) {
    io.stdout.write(jsonText({ schema: 1, kind: 'user', subject: login, file, commands }, flags.json));
    return;
  }
  io.stdout.write(`${terminalLine(login, 60)}\n`);
  for (const { command, may, teams, setting, place } of commands) {
    const rule = setting === null ? 'default' : `${setting}${place === null ? '' : `  ${place}`}`;
    io.stdout.write(`  ${padTo(command, 8)} ${padTo(mayText({ may, teams }), 44)} ${io.paintOut.faint(rule)}\n`);
  }
}

function sayTeam(team: string, { settings, placeOf, file }: Told, flags: ExplainFlags, io: CliIo): void {
  const commands = explainTeam(team, settings).map(({ command, named }) => ({
    command,
    named,
    setting: named ? settingNames.who : null,
    place: named ? (placeOf('who', command) ?? null) : null,
  }));
  if (flags.json !== undefined) {
    io.stdout.write(jsonText({ schema: 1, kind: 'team', subject: team, file, commands }, flags.json));
    return;
  }
  io.stdout.write(`${terminalLine(team, 140)}\n`);
  for (const { command, named, place } of commands) {
    const rule = named ? `who${place === null ? '' : `  ${place}`}` : '';
    const may = named ? 'its members' : 'not as members';
    io.stdout.write(`  ${padTo(command, 8)} ${padTo(may, 44)} ${io.paintOut.faint(rule)}`.trimEnd().concat('\n'));
  }
}

function mayText({ may, teams }: Pick<PersonVerdict, 'may' | 'teams'>): string {
  const members = teams.length === 0 ? '' : `, or in ${teams.join(', ')}`;
  switch (may.kind) {
    case 'always':
      return 'yes';
    case 'from':
      return `with ${may.permission} access${members}`;
    case 'never':
      return teams.length === 0 ? 'no' : `members of ${teams.join(', ')}`;
    default:
      return may satisfies never;
  }
}
