import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EntropyError } from '../../domain/error.ts';
import type { AppOwner } from '../../domain/github-app.ts';
import { apiOfServer } from '../../domain/github-server.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import { parseWhole } from '../../domain/quantity.ts';
import { defaultStackName, stackNameForm } from '../../runtime/aws/stack-outputs.ts';
import { stackSettingNames } from '../../runtime/aws/stack-setting-names.ts';
import type { DeployWorld } from '../../runtime/deploy/deploy-world.ts';
import type { GitHubPlace } from '../../runtime/deploy/github-place.ts';
import type { StepContext } from '../../runtime/deploy/step.ts';
import type { CliIo } from '../cli-io.ts';
import { jsonOption } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { tellAdminKey } from './tell-admin-key.ts';

export interface DeployFlags {
  readonly stack: string;
  readonly profile?: string;
  readonly region?: string;
  readonly settings?: string;
  readonly clone?: string;
  readonly githubServer?: string;
  readonly json?: string;
  readonly org?: string;
  readonly personal?: boolean;
  readonly appName?: string;
  readonly appId?: string;
  readonly privateKeyFile?: string;
  readonly set?: readonly string[];
  readonly bootstrap?: boolean;
  readonly newAdminKey?: boolean;
  readonly adminKeyFile?: string;
  readonly port?: string;
  readonly browser?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Which deployment is meant; last in the help of every command about one. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the stack', defaultStackName)
    .option('--region <region>', 'of AWS (AWS_REGION, else that of the profile)')
    .option('--profile <name>', 'of the AWS configuration (AWS_PROFILE)')
    .option('--settings <file>', 'settings of the stack; entropy.stack.json in the clone when absent')
    .option('--clone <path>', "the clone that the stack is made from; this program's own when absent")
    .option(
      '--github-server <url>',
      'GitHub Enterprise Server (GITHUB_SERVER_URL); that of the settings when absent, else https://github.com',
    )
    .option(...jsonOption);
}

/** Opens AWS, GitHub and the clone as the flags say, works with them, and closes what was opened. */
export async function withDeployment<Result>(
  flags: DeployFlags,
  io: CliIo,
  work: (context: StepContext) => Promise<Result>,
  onText: (text: string) => void = (text) => void io.stderr.write(text),
): Promise<Result> {
  const { openDeployWorld } = await import('../../runtime/deploy/open-deploy-world.ts');
  const { packageRoot } = await import('../../runtime/package-root.ts');
  assertStackName(flags.stack);
  const github = githubOf(flags, io);
  const note = (line: string): void => void io.stderr.write(`  ${io.paintErr.faint(terminalLine(line, 400))}\n`);
  const { profile, region, settings, clone } = flags;
  const world: DeployWorld = await openDeployWorld({
    cwd: io.cwd,
    root: clone === undefined ? packageRoot() : resolve(io.cwd, clone),
    stack: flags.stack,
    ...(settings !== undefined && { settingsFile: settings }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    github,
    hostPath: io.environment.hostPath,
    port: readPort(flags.port),
    onPage: (url) => showPage(url, flags, io),
    onText,
    log: note,
    signal: io.signal,
  });
  using _closing = world;
  const options = {
    stack: flags.stack,
    ...ownerOf(flags),
    ...(flags.appName !== undefined && { appName: flags.appName }),
    ...(flags.appId !== undefined && { appId: readAppId(flags.appId) }),
    ...(flags.privateKeyFile !== undefined && { privateKeyFile: flags.privateKeyFile }),
    githubServerUrl: github.serverUrl,
    settings: readSettings(flags.set ?? []),
    bootstrap: flags.bootstrap === true,
    newAdminKey: flags.newAdminKey === true,
  };
  const deployment = await world.files.load();
  return await work({ world, options, deployment, note, tellAdminKey: tellAdminKey(flags.adminKeyFile, io) });
}

/** It names a folder too. */
function assertStackName(stack: string): void {
  if (stackNameForm.test(stack)) return;
  throw usage(`--stack ${stack.slice(0, 60)} is no name of a stack`, 'a letter, then at most 39 letters, digits or -');
}

function ownerOf({ org, personal }: DeployFlags): { readonly owner?: AppOwner } {
  if (org !== undefined && personal === true) throw usage('--org and --personal exclude each other', 'choose one');
  if (org === undefined) return personal === true ? { owner: { kind: 'person' } } : {};
  if (/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(org)) return { owner: { kind: 'organization', login: org } };
  throw usage(`--org ${org.slice(0, 60)} is no login`, 'write it as in https://github.com/LOGIN');
}

function githubOf({ githubServer }: DeployFlags, { environment }: CliIo): GitHubPlace {
  if (githubServer === undefined) return { serverUrl: environment.githubServerUrl, apiUrl: environment.githubApiUrl };
  const url = URL.canParse(githubServer) ? new URL(githubServer) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usage(`--github-server ${githubServer.slice(0, 80)} is no address`, 'write it as https://github.example.com');
  }
  const serverUrl = githubServer.replace(/\/+$/, '');
  return { serverUrl, apiUrl: apiOfServer(serverUrl) };
}

/** `NAME=VALUE`; what is JSON is read as such, so that `concurrency=20` is a number. The CDK app judges the values. */
export function readSettings(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value = ''] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined)
        throw usage(`--set ${pair.slice(0, 40)} is not NAME=VALUE`, 'docs/aws.md lists the settings');
      if (!stackSettingNames.some((known) => known === name)) throw unknownSetting(name);
      return [name, jsonOrText(value)];
    }),
  );
}

function unknownSetting(name: string): EntropyError {
  const near = nearestWord(name, stackSettingNames);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  return usage(`--set ${name.slice(0, 40)}: there is no such setting`, `${hint}docs/aws.md lists the settings`);
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readAppId(text: string): number {
  if (/^[1-9][0-9]{0,11}$/.test(text)) return Number(text);
  throw usage(`--app-id ${text.slice(0, 40)} is no number of an App`, "it stands on the App's settings page as App ID");
}

function readPort(text: string | undefined): number {
  const port = parseWhole(text ?? '0', 0);
  if (port !== undefined && port <= 65_535) return port;
  throw usage(`--port ${text} is not a port`, 'choose 0 to 65535');
}

function showPage(url: string, flags: DeployFlags, io: CliIo): void {
  io.stderr.write(`  open in your browser, within ten minutes:  ${io.paintErr.strong(url)}\n`);
  if (flags.browser === false || io.environment.ci || io.stderr.isTTY !== true) return;
  void import('../../runtime/deploy/open-browser.ts').then(({ openBrowser }) => openBrowser(url));
}
