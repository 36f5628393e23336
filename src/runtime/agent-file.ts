import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AgentWishes, agentIdProblem, capabilitiesProblem } from '../domain/agent-identity.ts';
import { EntropyError } from '../domain/error.ts';
import { isRoleName, roleNameRule } from '../domain/roles/role.ts';

/** Where it is kept. */
export function agentFile(configDir: string): string {
  return join(configDir, 'agent.json');
}

const agentWishNames = [
  'id',
  'role',
  'capabilities',
  'version',
  'model',
] as const satisfies readonly (keyof AgentWishes)[];

const maxBytes = 64 * 1024;
const maxText = 200;

/** What this person's agents are called and are, as `config agent set` kept it; nothing when there is no file. */
export async function readAgentFile(configDir: string): Promise<AgentWishes> {
  const path = agentFile(configDir);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw unreadable(path, 'cannot be read', error);
  });
  if (text === undefined) return {};
  if (text.length > maxBytes) throw unreadable(path, 'is too long');
  return parseWishes(text, path);
}

/** Replaces the file in one step. */
export async function writeAgentFile(configDir: string, wishes: AgentWishes): Promise<string> {
  const path = agentFile(configDir);
  const fresh = `${path}.${process.pid}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(fresh, `${JSON.stringify(wishes, null, 2)}\n`, { mode: 0o600 });
    await rename(fresh, path);
  } catch (cause) {
    throw new EntropyError({
      code: 'E104',
      message: `${path} cannot be written`,
      fix: 'make its folder writable',
      cause,
    });
  }
  return path;
}

/** What is wrong with a value for one of the names, to follow it in a sentence; undefined when nothing is. */
export function wishProblem(wishes: AgentWishes): string | undefined {
  const { id, role, capabilities, version, model } = wishes;
  if (id !== undefined && agentIdProblem(id) !== undefined) return `id ${agentIdProblem(id)}`;
  if (role !== undefined && !isRoleName(role)) return `role ${roleNameRule}`;
  const odd = capabilities === undefined ? undefined : capabilitiesProblem(capabilities);
  if (odd !== undefined) return `capabilities ${odd}`;
  const long = [version, model].some((text) => text !== undefined && (text === '' || text.length > maxText));
  return long ? `version and model have 1 to ${maxText} characters` : undefined;
}

function parseWishes(text: string, path: string): AgentWishes {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, 'is no JSON', cause);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw unreadable(path, 'holds no object');
  const known: readonly string[] = agentWishNames;
  for (const [name, value] of Object.entries(data)) {
    if (!known.includes(name)) throw unreadable(path, `holds "${name}", which is nothing of an agent`);
    const fits = name === 'capabilities' ? isTexts(value) : typeof value === 'string';
    if (!fits) throw unreadable(path, `has a ${name} that is no ${name === 'capabilities' ? 'list of words' : 'text'}`);
  }
  const wishes = data as AgentWishes;
  const problem = wishProblem(wishes);
  if (problem !== undefined) throw unreadable(path, `: ${problem}`);
  return wishes;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function unreadable(path: string, problem: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E101',
    message: `${path} ${problem}`,
    fix: 'correct it, delete it, or write it anew: entropy-playground config agent set id=coder/laptop',
    ...(cause !== undefined && { cause }),
  });
}
