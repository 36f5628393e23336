import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ToolOutcome } from '../../../../src/agent/tool.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import type { SandboxRung } from '../../../../src/domain/sandbox-rung.ts';
import type { SandboxProvider } from '../../../../src/ports/sandbox.ts';
import { linuxRungs } from '../../../fakes/available-rungs.ts';
import { type RealRepository, realRepository } from '../../../fakes/real-repository.ts';
import { never, type SaidExit, type SandboxRoom, said, shell } from '../../../fakes/sandbox-room.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';
import type { Attack, AttackId, Containment, Passage } from '../attack.ts';

/** An agent that does what it is told, in a real room on one rung, and what there is around the room. */
export interface CagedAgent {
  readonly rung: SandboxRung;
  /** Stands in the file `secret` and in our own environment, and nowhere in the workspace. */
  readonly secret: string;
  /** A folder of the machine beside the workspace. */
  readonly outside: string;
  /** A file in another folder of the machine, which holds the secret too. */
  readonly elsewhere: string;
  readonly repository: RealRepository;
  readonly sandbox: SandboxRoom['sandbox'];
  /** A tool as the model calls it; what the rung refuses comes back as its answer. */
  use(tool: string, input: unknown): Promise<ToolOutcome>;
  /** A line through the tool `bash`. */
  bash(line: string): Promise<ToolOutcome>;
  /** The same without the tool: where no commands run, as one of the file tools that was turned into something else. */
  sh(line: string): Promise<SaidExit>;
}

export interface CageOptions {
  /** Folders below `outside` that are in PATH. */
  readonly inPath?: readonly string[];
  /** Before the room is opened. */
  readonly prepare?: (place: { readonly repository: RealRepository; readonly outside: string }) => void;
}

export async function withAgent<Result>(
  rung: SandboxRung,
  { inPath = [], prepare }: CageOptions,
  act: (agent: CagedAgent) => Promise<Result>,
): Promise<Result> {
  using repository = realRepository({ 'a.txt': 'harmless\n' });
  const outside = repository.temp;
  const secret = `caged-${randomBytes(12).toString('hex')}`;
  writeFileSync(path.join(outside, 'secret'), secret);
  const links = path.join(repository.root, 'links');
  mkdirSync(links);
  symlinkSync(path.join(outside, 'secret'), path.join(links, 'secret'));
  symlinkSync('../a.txt', path.join(links, 'inside'));
  const elsewhere = path.join('/var/tmp', secret.slice(0, 20));
  writeFileSync(elsewhere, secret, { mode: 0o600 });
  symlinkSync(elsewhere, path.join(links, 'elsewhere'));
  prepare?.({ repository, outside });
  process.env['ENTROPY_CAGED_SECRET'] = secret;
  try {
    await using sandbox = await providerOf(rung).open({
      workspace: repository.root,
      network: { kind: 'none' },
      limits: { maxProcesses: 200, maxFileBytes: 1024 ** 2, maxMemoryBytes: 1024 ** 3, tmpBytes: 1024 ** 2 },
      env: {},
      hostPath: [...inPath.map((folder) => path.join(outside, folder)), '/usr/bin:/bin'].join(':'),
    });
    const context = toolContext(repository.root, { sandbox });
    const use = (tool: string, input: unknown): Promise<ToolOutcome> =>
      useTool(tool, input, context).catch((error: unknown) => {
        if (!(error instanceof EntropyError) || error.code !== 'E406') throw error;
        return { ok: false, output: error.message, summary: error.code };
      });
    const files = rung === 'landlock' ? { files: { kind: 'read' } as const } : {};
    return await act({
      rung,
      secret,
      outside,
      elsewhere,
      repository,
      sandbox,
      use,
      bash: (command) => use('bash', { command }),
      sh: async (line) => said(await sandbox.run(shell(line, files), never)),
    });
  } finally {
    delete process.env['ENTROPY_CAGED_SECRET'];
    rmSync(elsewhere, { force: true });
  }
}

export interface CagedAttack extends CageOptions {
  readonly id: AttackId;
  readonly title: string;
  readonly rungs: readonly SandboxRung[];
  readonly attack: (agent: CagedAgent) => Promise<Containment>;
  readonly twin: (agent: CagedAgent) => Promise<Passage>;
}

/** The same attack on each of the rungs; one that this machine cannot have is named by why. */
export function onRungs({ id, title, rungs, attack, twin, ...options }: CagedAttack): readonly Attack[] {
  return rungs.map((rung) => ({
    id,
    title: `${title} (${rung})`,
    attack: () => withAgent(rung, options, attack),
    twin: () => withAgent(rung, options, twin),
    missing: () => lacking(rung),
  }));
}

export function providerOf(rung: SandboxRung): SandboxProvider {
  const provider = linuxRungs().find((candidate) => candidate.rung === rung);
  if (provider === undefined) throw new Error(`${rung} is no rung of Linux`);
  return provider;
}

export async function lacking(rung: SandboxRung): Promise<string | undefined> {
  const probed = await providerOf(rung).probe(AbortSignal.timeout(30_000));
  return probed.kind === 'available' ? undefined : `${rung}: ${probed.reason}`;
}
