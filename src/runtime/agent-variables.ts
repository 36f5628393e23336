import { type AgentWishes, agentIdProblem, capabilitiesProblem } from '../domain/agent-identity.ts';
import { refuseProblems } from './setting-sources.ts';
import { list, roleName, type ValueReader, type Variables } from './value-reader.ts';

/** ENTROPY_AGENT_ID, _ROLE, _CAPABILITIES, _VERSION and _MODEL. Throws one E101 that names every problem. */
export function parseAgentVariables(variables: Variables): AgentWishes {
  const problems: string[] = [];
  const read = <Value>(name: string, reader: ValueReader<Value>): Value | undefined => {
    const text = variables[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const result = reader(text);
    if (result.ok) return result.value;
    problems.push(`${name} ${result.problem}`);
    return undefined;
  };

  const id = read('ENTROPY_AGENT_ID', checked(agentIdProblem));
  const role = read('ENTROPY_AGENT_ROLE', roleName);
  const capabilities = read('ENTROPY_AGENT_CAPABILITIES', capabilityList);
  const version = read('ENTROPY_AGENT_VERSION', checked(upTo(100)));
  const model = read('ENTROPY_AGENT_MODEL', checked(upTo(200)));
  refuseProblems(problems, 'correct or unset the variable; docs/tasks.md tells what each one means');
  return {
    ...(id !== undefined && { id }),
    ...(role !== undefined && { role }),
    ...(capabilities !== undefined && { capabilities }),
    ...(version !== undefined && { version }),
    ...(model !== undefined && { model }),
  };
}

const capabilityList: ValueReader<readonly string[]> = (text) => {
  const words = list(text);
  const problem = words.ok ? capabilitiesProblem(words.value) : undefined;
  return problem === undefined ? words : { ok: false, problem };
};

function checked(problemOf: (text: string) => string | undefined): ValueReader<string> {
  return (text) => {
    const problem = problemOf(text);
    return problem === undefined ? { ok: true, value: text } : { ok: false, problem };
  };
}

const upTo =
  (limit: number) =>
  (text: string): string | undefined =>
    text.length > limit ? `is longer than ${limit} characters` : undefined;
