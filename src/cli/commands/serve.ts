import type { Command } from 'commander';
import type { AllowedRepository } from '../../domain/access/runner-policy.ts';
import type { ServeOptions, ServeReport } from '../../domain/coordinator-serving.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { globProblem } from '../../domain/path-rules.ts';
import { parseWhole } from '../../domain/quantity.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { type LogStyle, logStyles, logText } from '../log-text.ts';
import { usage } from '../usage-error.ts';

export interface ServeFlags {
  readonly port: string;
  readonly host: string;
  readonly state?: string;
  readonly public?: boolean;
  readonly behindProxy?: boolean;
  readonly newAdminKey?: boolean;
  readonly oidcAudience?: string;
  readonly oidcIssuer?: string;
  readonly allowRepository?: readonly string[];
  readonly allowWorkflow?: readonly string[];
  readonly allowEvent?: readonly string[];
  readonly log: string;
  readonly json?: string;
}

const fields = [
  'schema',
  'url',
  'docs',
  'state',
  'version',
  'adminKey',
  'pid',
] as const satisfies readonly (keyof ServeReport)[];

export function define(command: Command, cli: Cli): void {
  command
    .option('--port <n>', 'its port; 0 takes any free one', '8787')
    .option(
      '--host <address>',
      'where it listens; others than this machine reach it only with another one',
      '127.0.0.1',
    )
    .option('--state <file>', 'the SQLite file (ENTROPY_STATE_FILE); the default one when nothing is said')
    .option(
      '--behind-proxy',
      'a proxy in front ends TLS and tells addresses in X-Forwarded-For; nobody else reaches us',
    )
    .option('--public', 'listen on --host in plain HTTP, without a proxy: keys can be read on the way')
    .option('--new-admin-key', 'make one more admin key and tell it')
    .option(
      '--oidc-audience <url>',
      'let workflow jobs in whose OIDC token is made for this; the address that they call',
    )
    .option('--oidc-issuer <url>', "GitHub's when absent; of an Enterprise Server https://HOST/_services/token")
    .option(
      '--allow-repository <glob...>',
      'repositories whose jobs are let in: octo/slug, octo/*, octo/slug#ID, octo#ID/*',
    )
    .option('--allow-workflow <glob...>', 'only these: octo/slug/.github/workflows/agent.yml@refs/heads/main')
    .option('--allow-event <name...>', 'only jobs started by these events; those that start agents when absent')
    .option('--log <style>', `how requests are logged on stderr: ${logStyles.join(' or ')}`, 'text')
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nGITHUB_TOKEN or GH_TOKEN lets it ask GitHub whether runs live; ENTROPY_WEBHOOK_SECRET lets it believe webhooks.',
    )
    .action((flags: ServeFlags) => cli.run((io) => serve(flags, io)));
}

async function serve(flags: ServeFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const style = logStyles.find((known) => known === flags.log);
  if (style === undefined) throw usage(`--log ${flags.log} is not known`, `choose ${logStyles.join(' or ')}`);
  const options = readOptions(flags);
  const { serveCoordinator } = await import('../../runtime/serve.ts');
  const { environment, cwd, signal } = io;
  const log = (entry: Parameters<typeof logText>[0]) => io.stderr.write(logText(entry, style, new Date()));
  const serving = await serveCoordinator(options, { environment, cwd, signal, log });
  try {
    tell(serving.report, flags, io, style);
    await io.untilStopped();
  } finally {
    await serving.close();
  }
  return exitCodes.ok;
}

/** Refuses what would let strangers in, with what to add. */
export function readOptions(flags: ServeFlags): ServeOptions {
  const port = parseWhole(flags.port, 0);
  if (port === undefined || port > 65_535) throw usage(`--port ${flags.port} is not a port`, 'choose 0 to 65535');
  const isLoopback = /^(?:127(?:\.[0-9]{1,3}){3}|::1|localhost)$/.test(flags.host);
  if (!isLoopback && flags.public !== true && flags.behindProxy !== true) {
    throw new EntropyError({
      code: 'E727',
      message: `--host ${flags.host} can be reached from other machines, and keys would travel in plain HTTP`,
      fix: 'put a proxy that ends TLS in front and add --behind-proxy, or accept it with --public (docs/coordinator.md)',
    });
  }
  const oidc = readOidc(flags);
  return {
    host: flags.host,
    port,
    ...(flags.state !== undefined && { state: flags.state }),
    adminKey: flags.newAdminKey === true ? 'always' : 'if-none',
    ...(oidc && { oidc }),
    addressFrom: flags.behindProxy === true ? 'proxy' : 'socket',
  };
}

function readOidc(flags: ServeFlags): ServeOptions['oidc'] {
  const { oidcAudience: audience, oidcIssuer: issuer, allowRepository = [], allowWorkflow = [], allowEvent } = flags;
  const anything = [issuer, allowEvent, ...allowRepository, ...allowWorkflow].some((value) => value !== undefined);
  if (audience === undefined) {
    if (!anything) return undefined;
    throw incomplete('--oidc-audience is missing', 'add --oidc-audience https://HOST, the address that jobs call');
  }
  if (allowRepository.length === 0) {
    // GitHub gives such a token to every repository in the world.
    throw incomplete('--oidc-audience lets in every repository of GitHub', 'say which: --allow-repository octo/*');
  }
  if (issuer !== undefined && !/^https:\/\/|^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(issuer)) {
    throw incomplete(`--oidc-issuer ${issuer} is not an https address`, 'write https://HOST/_services/token');
  }
  for (const glob of allowWorkflow) {
    const problem = globProblem(glob);
    if (problem !== undefined)
      throw usage(`--allow-workflow ${glob}: ${problem}`, 'write owner/repo/.github/workflows/FILE@REF');
  }
  return {
    audience,
    ...(issuer !== undefined && { issuer: issuer.replace(/\/$/, '') }),
    repositories: allowRepository.map(readRepository),
    workflows: allowWorkflow,
    ...(allowEvent && { events: allowEvent }),
  };
}

function readRepository(text: string): AllowedRepository {
  const [, owner, ownerId, name, id] =
    /^([A-Za-z0-9*?][A-Za-z0-9*?-]*)(?:#([0-9]{1,20}))?\/([A-Za-z0-9._*?-]+)(?:#([0-9]{1,20}))?$/.exec(text) ?? [];
  if (owner === undefined) {
    const form = 'write octo/slug, octo/*, octo/slug#ID or octo#OWNER-ID/*';
    throw usage(`--allow-repository ${text} names no repositories`, form);
  }
  return {
    glob: `${owner}/${name}`,
    ...(id !== undefined && { id }),
    ...(ownerId !== undefined && { ownerId }),
  };
}

function tell(report: ServeReport, flags: ServeFlags, io: CliIo, style: LogStyle): void {
  if (flags.json !== undefined) {
    io.stdout.write(jsonText(report, flags.json));
    return;
  }
  const { url, docs, state, adminKey } = report;
  if (style === 'text') {
    io.stderr.write(`  coordinator ${url}   docs ${docs}\n  state       ${state}\n`);
    const hint = `make keys: ENTROPY_COORDINATOR_URL=${url} ENTROPY_COORDINATOR_KEY=… entropy-playground keys create NAME --role operator`;
    io.stderr.write(`  ${hint}\n`);
    if (adminKey !== null) io.stderr.write('  this admin key is shown once; the state has only its hash:\n');
  }
  if (adminKey !== null) io.stdout.write(`${adminKey}\n`);
}

function incomplete(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E727', message, fix });
}
