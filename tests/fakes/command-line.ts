import type { Cli } from '../../src/cli/cli-io.ts';
import { normaliseJsonFlag, wantsJson } from '../../src/cli/json-flag.ts';
import { buildProgram, parseProgram } from '../../src/cli/program.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { fakeCliIo } from './cli-io.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** Plain and secret ones; the secrets are in this process only while the command runs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface CommandText {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandResult extends CommandText {
  /** What `--json` printed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of all shapes.
  readonly json: any;
}

export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const text = await runCommandText(args, options);
  return { ...text, json: wantsJson(args) ? JSON.parse(text.stdout) : undefined };
}

/** A command as the entry runs it, in this process: parsing, errors and exit codes included. One at a time. */
export async function runCommandText(args: readonly string[], options: CommandOptions = {}): Promise<CommandText> {
  const { cwd, env = {}, signal } = options;
  const io = fakeCliIo({ variables: { USER: 'tester', ...env }, ...(cwd && { cwd }), ...(signal && { signal }) });
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  let code = 0;
  const cli: Cli = {
    run: async (handler) => {
      code = await handler(io);
    },
  };
  try {
    await parseProgram(await buildProgram(args, cli), normaliseJsonFlag(args));
  } catch (error) {
    code = reportError(error, { stdout: io.stdout, stderr: io.stderr, json: wantsJson(args), quiet: false });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  return { code, stdout: io.out(), stderr: io.err() };
}
