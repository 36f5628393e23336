import type { Command } from 'commander';
import type { AgentIdentity, AgentWishes } from '../../domain/agent-identity.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseList } from '../../domain/quantity.ts';
import { isRoleName, roleNameRule } from '../../domain/roles/role.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { padTo, terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { agentSources } from './agent-option.ts';

export interface AgentConfigFlags {
  readonly json?: string;
}

type WishName = keyof AgentIdentity;
const names = ['id', 'role', 'capabilities', 'version', 'model'] as const satisfies readonly WishName[];
const noRun = '<run>';

/** `config agent show|set`: how agents of this machine are called and what they are. */
export function defineAgentConfig(config: Command, cli: Cli): void {
  const agent = config
    .command('agent')
    .description('How agents that you start are called and what they are: in claims, comments, commits and the books.');
  agent
    .command('show')
    .description('Each fact with its value and where it came from: ENTROPY_AGENT_…, the file of set, or role and run.')
    .option(...jsonOption)
    .action((flags: AgentConfigFlags) => cli.run((io) => showAgent(flags, io)));
  agent
    .command('set')
    .description(
      `Keep facts for all agents of this machine; an empty value takes one back. Facts: ${names.join(', ')}.`,
    )
    .argument('<fact=value...>', 'id=coder/laptop capabilities=typescript,sql')
    .option(...jsonOption)
    .action((facts: readonly string[], flags: AgentConfigFlags) => cli.run((io) => setAgent(facts, flags, io)));
}

async function showAgent(flags: AgentConfigFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'file', ...names]);
  const { agentFile } = await import('../../runtime/agent-file.ts');
  const { variables, file, identity } = await agentSources(io, noRun);
  const path = agentFile(io.environment.configDir);
  const from = (name: WishName): string => {
    if (variables[name] !== undefined) return `ENTROPY_AGENT_${name.toUpperCase()}`;
    return file[name] === undefined ? 'default' : path;
  };
  if (flags.json !== undefined) {
    const facts = names.map((name) => [name, { value: identity[name] ?? null, from: from(name) }]);
    io.stdout.write(jsonText({ schema: 1, file: path, ...Object.fromEntries(facts) }, flags.json));
    return exitCodes.ok;
  }
  for (const name of names) {
    const source = from(name) === 'default' ? io.paintOut.faint('default') : terminalLine(from(name), 200);
    io.stdout.write(`${padTo(name, 14)}  ${padTo(terminalLine(shown(identity[name]), 36), 36)}  ${source}\n`);
  }
  return exitCodes.ok;
}

async function setAgent(facts: readonly string[], flags: AgentConfigFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'file', 'agent']);
  const { readAgentFile, wishProblem, writeAgentFile } = await import('../../runtime/agent-file.ts');
  const before = await readAgentFile(io.environment.configDir);
  const after = facts.reduce(withFact, before);
  const problem = wishProblem(after);
  if (problem !== undefined) throw usage(problem, 'correct it: entropy-playground config agent set id=coder/laptop');
  const path = await writeAgentFile(io.environment.configDir, after);
  if (flags.json !== undefined) {
    io.stdout.write(jsonText({ schema: 1, file: path, agent: after }, flags.json));
    return exitCodes.ok;
  }
  const kept = names.flatMap((name) => (after[name] === undefined ? [] : [`${name} ${shown(after[name])}`]));
  const what = kept.length === 0 ? 'nothing: role and run name the agents' : kept.join(', ');
  io.stdout.write(`${io.paintOut.good('✔')} ${terminalLine(path, 200)} says ${terminalLine(what, 400)}\n`);
  return exitCodes.ok;
}

function withFact(wishes: AgentWishes, text: string): AgentWishes {
  const [, given = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text.trim()) ?? [];
  const name = names.find((known) => known === given);
  if (name === undefined) {
    const near = nearestWord(given, names);
    throw usage(
      given === '' ? `"${text}" is not fact=value` : `an agent has no "${given}"`,
      near === undefined ? `write one of ${names.map((known) => `${known}=…`).join(', ')}` : `did you mean ${near}=…?`,
    );
  }
  const rest: AgentWishes = Object.fromEntries(Object.entries(wishes).filter(([key]) => key !== name));
  if (value.trim() === '') return rest;
  switch (name) {
    case 'capabilities':
      return { ...rest, capabilities: parseList(value) };
    case 'role': {
      const role = value.trim();
      if (!isRoleName(role)) throw usage(`"${value}" ${roleNameRule}`, 'write role=coder');
      return { ...rest, role };
    }
    case 'id':
    case 'version':
    case 'model':
      return { ...rest, [name]: value.trim() };
    default:
      return name satisfies never;
  }
}

function shown(value: string | readonly string[] | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : value.join(', ');
}
