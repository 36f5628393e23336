import path from 'node:path';
import type { Command } from 'commander';
import { formatUsd } from '../../domain/budget.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseRemoteUrl, type RemoteUrl } from '../../domain/remote-url.ts';
import { mergeSettings, type SettingKey, type Settings, settingKeys, settingNames } from '../../domain/settings.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { defineAgentConfig } from '../coordination/agent-config.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { addSettingOptions, readSettingOptions } from '../setting-options.ts';
import { padTo, terminalLine } from '../terminal-text.ts';

export interface ConfigFlags {
  readonly repo?: string;
  readonly url?: string;
  readonly json?: string;
}

const detectFields = [
  'schema',
  'root',
  'remote',
  'location',
  'remotes',
  'currentBranch',
  'defaultBranch',
  'commands',
] as const;

export function define(command: Command, cli: Cli): void {
  const show = command
    .command('show')
    .description('Every setting with its value and the place it came from: default < file < environment < flag.')
    .configureHelp({ sortOptions: false })
    .option('--repo <path>', 'the repository; the one around this folder when absent')
    .option(...jsonOption);
  addSettingOptions(show, settingKeys);
  show.action((flags: ConfigFlags) => cli.run((io) => showConfig(flags, io)));
  command
    .command('detect')
    .description('What the git remote says (forge, owner, repository) and which commands the files suggest.')
    .configureHelp({ sortOptions: false })
    .option('--repo <path>', 'the repository; the one around this folder when absent')
    .option('--url <url>', 'read this remote instead')
    .option(...jsonOption)
    .action((flags: ConfigFlags) => cli.run((io) => detectConfig(flags, io)));
  defineAgentConfig(command, cli);
}

async function showConfig(flags: ConfigFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', ...Object.values(settingNames)]);
  const layers = [await fileLayer(flags, io), io.environment.settings, readSettingOptions({ ...flags })];
  const { values, sources } = mergeSettings(layers);
  if (flags.json !== undefined) {
    const entries = settingKeys.map((key) => [settingNames[key], { value: plain(key, values), from: sources[key] }]);
    io.stdout.write(jsonText({ schema: 1, ...Object.fromEntries(entries) }, flags.json));
    return exitCodes.ok;
  }
  for (const key of settingKeys) {
    const value = shown(key, values);
    const from = sources[key] === 'default' ? io.paintOut.faint('default') : sources[key];
    io.stdout.write(`${padTo(settingNames[key], 22)}  ${padTo(terminalLine(value, 36), 36)}  ${from}\n`);
  }
  return exitCodes.ok;
}

async function fileLayer(flags: ConfigFlags, io: CliIo) {
  const { readRepositoryConfig } = await import('../../runtime/repository-config.ts');
  return readRepositoryConfig((await detected(flags, io)).root);
}

async function detected(flags: ConfigFlags, io: CliIo) {
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const { hostPath, githubServerUrl } = io.environment;
  return detectRepository({
    start: path.resolve(io.cwd, flags.repo ?? '.'),
    hostPath,
    githubServerUrl,
    signal: io.signal,
  });
}

async function detectConfig(flags: ConfigFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, detectFields);
  const found = flags.url === undefined ? await detected(flags, io) : fromUrl(flags.url, io);
  const { remote, remotes } = found;
  const report = { schema: 1, ...found, remote: remote?.name ?? null, location: remote?.location ?? null, remotes };
  if (flags.json !== undefined) {
    io.stdout.write(jsonText(report, flags.json));
    return exitCodes.ok;
  }
  const line = (label: string, value: string): void =>
    void io.stdout.write(`${padTo(label, 14)}  ${terminalLine(value, 200)}\n`);
  if (found.root !== null) line('repository', found.root);
  for (const { name, location } of remotes) line(`remote ${name}`, locationText(location));
  if (remotes.length === 0) line('remote', 'none');
  if (found.defaultBranch !== null) line('default branch', found.defaultBranch ?? 'unknown (HEAD is detached)');
  for (const { ecosystem, setup, test, because } of found.commands) {
    line(ecosystem, because);
    line('  setup', setup ?? 'none');
    line('  test', test ?? 'none found');
  }
  const leaky = remotes.some(({ location }) => location.kind === 'forge' && location.hadCredentials);
  if (leaky) {
    const { warn } = io.paintErr;
    io.stderr.write(
      `${warn('warning')}  a remote's URL holds a password or token; every program that runs here can read it\n`,
    );
    io.stderr.write('  fix      git remote set-url origin <the same without it>, and revoke the token\n');
  }
  return exitCodes.ok;
}

function fromUrl(url: string, io: CliIo) {
  const githubHost = new URL(io.environment.githubServerUrl).hostname;
  const remote = { name: '--url', location: parseRemoteUrl(url, { githubHost }) };
  return { root: null, remotes: [remote], remote, currentBranch: null, defaultBranch: null, commands: [] };
}

function locationText(location: RemoteUrl): string {
  switch (location.kind) {
    case 'forge': {
      const { forge, owner, name, protocol, host, port } = location;
      return `${forge} · ${owner} / ${name} · ${protocol} ${host}${port === undefined ? '' : `:${port}`} · ${location.webUrl}`;
    }
    case 'local':
      return `folder ${location.path}`;
    case 'unusable':
      return `cannot be used: ${location.reason}`;
    default:
      return location satisfies never;
  }
}

function shown(key: SettingKey, values: Settings): string {
  const value = values[key];
  if (isMoney(key)) return `${formatUsd(Number(value))} USD`;
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As the file would say it: money in dollars. */
function plain(key: SettingKey, values: Settings): unknown {
  return isMoney(key) ? Number(values[key]) / 1_000_000 : (values[key] ?? null);
}

function isMoney(key: SettingKey): boolean {
  return key.endsWith('MicroUsd');
}
