import { EntropyError } from '../domain/error.ts';
import { isOtherAgent } from '../domain/roles/other-agent.ts';
import { readRole } from '../domain/roles/read-role.ts';
import type { RoleDefinition } from '../domain/roles/role.ts';
import { splitRoleFile } from '../domain/roles/split-role-file.ts';

export interface RoleFileBytes {
  /** From the name of the file. */
  readonly name: string;
  /** `.github/agents/security-reviewer.md`, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const maxBytes = 64 * 1024;
const mostTold = 10;

/**
 * A role's file, as it is in a repository; undefined: an agent of GitHub Copilot, and no role. What is wrong with a role is one E101
 * with every problem, its line and its fix.
 */
export async function parseRoleFile({ name, path, bytes }: RoleFileBytes): Promise<RoleDefinition | undefined> {
  const split = splitRoleFile(decode(path, bytes));
  if (split.kind === 'no-front-matter') {
    throw refused(`${path}:1 there is no front matter`, [
      'begin the file with a line ---, `description:`, `results:` and another line ---; docs/roles.md has an example',
    ]);
  }
  const { frontMatter, linesBefore, body } = split;
  // The parser is heavy, and most runs read no such file.
  const { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, version: '1.2' } as const;
  const document = parseDocument(frontMatter, options);
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line) + linesBefore;
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    const fix = 'correct the YAML here; a text that begins with one of * & [ { # @ " or holds ": " is put into quotes';
    throw refused(`${path}:${lineAt(broken.pos[0])} ${broken.message}`, [fix]);
  }
  visit(document, {
    Alias: (_key, alias) => {
      const line = lineAt(alias.range?.[0] ?? 0);
      throw refused(`${path}:${line} aliases are not allowed`, ['write the value itself']);
    },
  });
  const lineOf = (at: readonly string[]): number => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const key of at) {
      if (!isCollection(node)) break;
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
        : node.items[Number(key)];
      if (pair === undefined) break;
      const place = isPair(pair) ? pair.key : pair;
      if (isScalar(place) || isCollection(place)) offset = place.range?.[0] ?? offset;
      node = isPair(pair) ? pair.value : pair;
    }
    return lineAt(offset);
  };
  const data: unknown = document.toJS() ?? {};
  if (isOtherAgent(data)) return undefined;
  const read = readRole({ name, path, data, body });
  if (read.kind === 'role') return read.role;
  const told = read.problems.slice(0, mostTold);
  const message = told.map(({ at, message: seen }) => `${path}:${lineOf(at)} ${seen}`).join('; ');
  throw refused(message, [...new Set(told.map(({ fix }) => fix))]);
}

function decode(path: string, bytes: Uint8Array): string {
  const fix = 'save it as a small UTF-8 text file';
  if (bytes.length > maxBytes) {
    throw refused(`${path} has ${bytes.length} bytes, at most ${maxBytes} are read`, [fix]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refused(`${path} is not UTF-8 text`, [fix], cause);
  }
}

function refused(message: string, fixes: readonly string[], cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E101', message, fix: fixes.join('\n'), cause });
}
