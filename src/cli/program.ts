import { Command, CommanderError } from 'commander';
import { EntropyError } from '../domain/error.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { version } from '../runtime/version.ts';
import type { Cli } from './cli-io.ts';

/** A command's own file: its options and what it does. Must be cheap to load; heavy parts are imported when it runs. */
export interface CommandModule {
  define(command: Command, cli: Cli): void;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const commands: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'the whole life of an issue on this machine: embedded GitHub, shipped workflow, pull request',
    load: () => import('./commands/start.ts'),
  },
  {
    name: 'run',
    summary: 'one task on a local git repository, or one issue on GitHub',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'team',
    summary: 'an issue on GitHub through all stages of its team: read, plan, code, test, review, ready',
    load: () => import('./commands/team.ts'),
  },
  {
    name: 'init',
    summary: 'write the workflow and .github/entropy.yml into a repository',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'doctor',
    summary: 'check machine, key, token, permissions, files and rules',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'config',
    summary: 'show the merged configuration, what a git remote says, who the agents are',
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'policy',
    summary: 'what agents may do here: check the policy file, explain a path or a person',
    load: () => import('./commands/policy.ts'),
  },
  {
    name: 'replay',
    summary: 'run a recorded trajectory again, without a model, and compare the patch',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'evaluate',
    summary: 'how many issues with known answers a model solves: rate with its interval, cost, turns, time',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'claims',
    summary: 'who works on what: list, take, release, check, extend, hold, sweep, takeover',
    load: () => import('./commands/claims.ts'),
  },
  {
    name: 'next',
    summary: 'the next task that can be worked on; with --claim claimed in the same call',
    load: () => import('./commands/next.ts'),
  },
  {
    name: 'tasks',
    summary: 'issues and where each stands: list with a search, show, sync, redrive',
    load: () => import('./commands/tasks.ts'),
  },
  {
    name: 'depends',
    summary: 'what waits for what: add, remove, show, ready',
    load: () => import('./commands/depends.ts'),
  },
  {
    name: 'runs',
    summary: 'what agents are at: list, show, stop, artifacts, download',
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'agents',
    summary: 'which agents there are and what each is at',
    load: () => import('./commands/agents.ts'),
  },
  {
    name: 'budgets',
    summary: 'what may be spent, is reserved and was spent: show, set',
    load: () => import('./commands/budgets.ts'),
  },
  {
    name: 'activity',
    summary: 'what happened, and with --follow what happens',
    load: () => import('./commands/activity.ts'),
  },
  {
    name: 'webhooks',
    summary: "GitHub's webhooks to a coordinator: list, register, redeliver",
    load: () => import('./commands/webhooks.ts'),
  },
  {
    name: 'queue',
    summary: 'work that waits and work that was given up: status, dead, redrive',
    load: () => import('./commands/queue.ts'),
  },
  {
    name: 'keys',
    summary: 'API keys of a coordinator: list, create, rotate, revoke',
    load: () => import('./commands/keys.ts'),
  },
  {
    name: 'state',
    summary: "back up, restore or migrate the local store; restore a stack's table to an earlier moment",
    load: () => import('./commands/state.ts'),
  },
  {
    name: 'data',
    summary: "a person's data in a local state or a stack: export, erase",
    load: () => import('./commands/data.ts'),
  },
  {
    name: 'deploy',
    summary: 'put the AWS stack in place, step by step: App, settings, stack, secrets, webhook, self-test',
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'serve',
    summary: 'be a coordinator: claims, tasks, runs and budgets of many agents over HTTP',
    load: () => import('./commands/serve.ts'),
  },
];

const after = `
Exit codes  0 ok · 1 failed · 2 usage · 3 cancelled · 4 auth · 5 run failed · 6 over budget · 8 pending · 130 interrupted
Docs        https://github.com/entropy-playground/entropy-playground/blob/main/docs/cli.md`;

/** The program with the one command that was asked for loaded; the others are known by name and summary only. */
export async function buildProgram(argv: readonly string[], cli: Cli): Promise<Command> {
  const program = new Command('entropy-playground')
    .description('AI agents that work on GitHub issues: claimed, sandboxed, tested, honest.')
    .usage('<command> [options]     (short: entropy)')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError(true)
    // Or each group on the way would eat the "--" that a command gives a meaning to.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText('after', after);
  const [first, second] = argv.filter((argument) => !argument.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary).description(sentence(entry.summary));
    command.configureHelp({ sortOptions: false }).allowExcessArguments(false);
    if (entry.name === wanted) (await entry.load()).define(command, cli);
  }
  return program;
}

/** Runs the program. Help and version are the normal end; everything that was not understood is E100. */
export async function parseProgram(program: Command, argv: readonly string[]): Promise<void> {
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw notUnderstood(error, program, argv);
  }
}

function notUnderstood(error: CommanderError, program: Command, argv: readonly string[]): EntropyError {
  const [problem, suggestion] = error.message.replace(/^error: /, '').split('\n');
  const path = askedFor(program, argv);
  const asked = path.at(-1);
  const name = asked === undefined ? undefined : path.map((command) => command.name()).join(' ');
  const help = `entropy-playground ${name === undefined ? '' : `${name} `}--help`;
  if (error.code === 'commander.help' && asked !== undefined) {
    // A group of commands without one of them.
    const names = asked.commands.map((command) => command.name()).filter((word) => word !== 'help');
    return new EntropyError({ code: 'E100', message: `${name} is not complete`, fix: `add ${names.join(' or ')}` });
  }
  if (error.code === 'commander.excessArguments' && asked !== undefined && asked.commands.length > 0) {
    // A command that does something itself and has others below it takes a strange word for an argument.
    const names = asked.commands.map((command) => command.name());
    const strange = asked.args.find((word) => !word.startsWith('-')) ?? '';
    const near = nearestWord(strange, names);
    const fix = near === undefined ? `write one of ${names.join(', ')}` : `did you mean ${near}? ${help} lists all`;
    return new EntropyError({ code: 'E100', message: `unknown command '${strange}'`, fix });
  }
  // Commander writes "(Did you mean --repo?)".
  const meant = /Did you mean (.+)\?\)/.exec(suggestion ?? '')?.[1];
  return new EntropyError({
    code: 'E100',
    message: (problem ?? error.message).replace('--json=*', '--json'),
    fix: meant === undefined ? `${help} lists what there is` : `did you mean ${meant}? ${help} lists all`,
  });
}

/** The command that was asked for, with the groups that it is in: `config`, `agent`. */
function askedFor(program: Command, argv: readonly string[]): readonly Command[] {
  const path: Command[] = [];
  for (const word of argv) {
    const next = (path.at(-1) ?? program).commands.find((command) => command.name() === word);
    if (next === undefined) break;
    path.push(next);
  }
  return path;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
