import { isCollection, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { nearestWord } from '../domain/nearest-word.ts';
import { type RepositoryConfigShape, repositoryConfigSchema } from './repository-config-schema.ts';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Located extends Place {
  readonly message: string;
}

export interface LocatedProblems {
  /** Undefined when there are problems. */
  readonly shape: RepositoryConfigShape | undefined;
  readonly problems: readonly Located[];
  /** Of the key or item at a path, or of the nearest thing around it. */
  readonly position: (path: Path) => Place;
  readonly has: (path: Path) => boolean;
}

/** Of one kind: whoever has that many has another problem, and places are looked for one by one. */
const mostTold = 50;

/** Parses YAML and checks its shape; every problem knows its place. */
export function locateProblems(text: string): LocatedProblems {
  const lines = new LineCounter();
  // The parser's own search for keys that are there twice compares each with all before it.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false } as const;
  const document = parseDocument(text, { ...options, version: '1.2' });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const position = (path: Path): Place => at(offsetOf(document.contents, path));
  const has = (path: Path): boolean => document.hasIn(path);
  const refused = (problems: readonly Located[]): LocatedProblems => ({ shape: undefined, problems, position, has });

  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    return refused(broken.slice(0, mostTold).map(({ pos, message }) => ({ ...at(pos[0]), message })));
  const unwanted: Located[] = [];
  const tell = (offset: number, message: string): void => void unwanted.push({ ...at(offset), message });
  visit(document, {
    Alias: (_key, alias) => tell(alias.range?.[0] ?? 0, 'aliases are not allowed'),
    Map: (_key, map) => {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : undefined;
        if (names.has(name)) tell(startOf(key), 'Map keys must be unique');
        names.add(name);
      }
    },
  });
  if (unwanted.length > 0) return refused(unwanted.slice(0, mostTold));

  const result = repositoryConfigSchema.safeParse(document.toJS() ?? {});
  if (result.success) return { shape: result.data, problems: [], position, has };
  return refused(result.error.issues.slice(0, mostTold).flatMap((issue) => describeIssue(issue, position)));
}

function describeIssue(issue: Issue, position: (path: Path) => Place): Located[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const name = path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostTold).map((key) => {
      const near = nearestWord(key, knownKeys(path));
      const hint = near === undefined ? `known here: ${knownKeys(path).join(', ')}` : `did you mean "${near}"?`;
      return { ...position([...path, key]), message: `unknown key "${[...path, key].join('.')}"; ${hint}` };
    });
  }
  return [{ ...position(path), message: `${name === '' ? 'the file' : name} ${expectation(issue)}` }];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_union':
      return `must be ${wanted(issue.errors)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    default:
      return `is not valid: ${issue.message}`;
  }
}

/** What each branch of a union would have taken: `a number or text`. */
function wanted(branches: readonly (readonly Issue[])[]): string {
  const names = branches.flatMap((issues) =>
    issues.flatMap((inner) => (inner.code === 'invalid_type' ? [kinds[inner.expected] ?? inner.expected] : [])),
  );
  return [...new Set(names)].join(' or ');
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

/** The keys that the schema knows at a path; empty below free-form groups. */
function knownKeys(path: Path): string[] {
  const [group] = path;
  const shape = repositoryConfigSchema.shape;
  if (group === undefined) return Object.keys(shape);
  switch (group) {
    case 'limits':
    case 'budgets':
    case 'paths':
    case 'who':
    case 'roles':
    case 'models':
    case 'tools':
    case 'network':
    case 'sandbox':
      return Object.keys(shape[group].unwrap().shape);
    default:
      return ['input', 'output', 'cacheWrite', 'cacheRead', 'longPrompt', 'aboveTokens'];
  }
}

/** Where in the text the key or item at the end of a path begins; the nearest one around it when it is not there. */
function offsetOf(root: unknown, path: Path): number {
  let node = root;
  let offset = startOf(root);
  for (const part of path) {
    if (!isCollection(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (pair === undefined) return offset;
      offset = startOf(pair.key);
      node = pair.value;
    } else {
      node = node.get(part, true);
      offset = startOf(node) || offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number {
  if (!isScalar(node) && !isCollection(node)) return 0;
  return node.range?.[0] ?? 0;
}
