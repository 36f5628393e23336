import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from '../fakes/temp-folder.ts';
import { type CliRun, runCli } from '../integration/cli/run-cli.ts';

export interface JsonRun extends CliRun {
  /** The one object on stdout. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into reports of many shapes
  readonly report: any;
}

/** A machine of its own for the command line: home, temporary folder and kept runs, all empty at first. */
export interface CliPlace extends Disposable {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  run(
    args: readonly string[],
    more?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<JsonRun>;
  /** Names of what is in the temporary folder. */
  leftovers(): readonly string[];
  /** Ids of the runs that were kept. */
  keptRuns(): readonly string[];
}

export function cliPlace(): CliPlace {
  const folder = tempFolder();
  const at = (name: string): string => {
    const made = path.join(folder.root, name);
    mkdirSync(made);
    return made;
  };
  const env = { HOME: at('home'), TMPDIR: at('tmp'), ENTROPY_STATE_DIR: at('state') };
  const runs = path.join(env.ENTROPY_STATE_DIR, 'runs');
  return {
    root: folder.root,
    env,
    run: async (args, more = {}) => {
      const ran = await runCli([...args, '--json'], { cwd: more.cwd ?? folder.root, env: { ...env, ...more.env } });
      return { ...ran, report: parsed(ran) };
    },
    leftovers: () => readdirSync(env.TMPDIR),
    keptRuns: () => (readdirSync(env.ENTROPY_STATE_DIR).includes('runs') ? readdirSync(runs) : []),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

function parsed({ stdout, stderr, code }: CliRun): unknown {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`exit code ${code}, and stdout is not one object:\n${stdout}\n${stderr}`, { cause });
  }
}
