import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../domain/json-shape.ts';

/** What starts on an agent's branch or on its pull request. */
const checking = new Set(['push', 'pull_request']);
const maxFileBytes = 256 * 1024;
const mostWorkflows = 20;

/**
 * Names of a repository's workflows that check what agents push, sorted: those that a workflow of ours is told of when they have
 * ended. A file that cannot be read as one is none; those that run agents are left out, and so are those without a name.
 */
export async function checkWorkflows(root: string): Promise<readonly string[]> {
  const folder = join(root, '.github', 'workflows');
  const files = await readdir(folder).catch(() => []);
  const names = new Set<string>();
  for (const file of files.filter((name) => /\.ya?ml$/.test(name))) {
    const path = join(folder, file);
    const info = await stat(path);
    const name = info.isFile() && info.size <= maxFileBytes ? nameOf(await readFile(path, 'utf8')) : undefined;
    if (name !== undefined) names.add(name);
  }
  return [...names].sort().slice(0, mostWorkflows);
}

function nameOf(text: string): string | undefined {
  if (text.includes('entropy-playground/')) return undefined;
  const workflow = read(text);
  if (!isObject(workflow)) return undefined;
  const { name, on } = workflow;
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(isObject(on) ? on : {});
  return typeof name === 'string' && name !== '' && events.some((event) => checking.has(event)) ? name : undefined;
}

function read(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // GitHub starts nothing for it either.
    return undefined;
  }
}
