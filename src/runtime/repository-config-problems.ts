import { isCollection, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { nearestWord } from '../domain/nearest-word.ts';
import { type RepositoryConfigShape, repositoryConfigSchema } from './repository-config-schema.ts';
import { likeExample } from './setting-examples.ts';
import { withoutParts } from './without-parts.ts';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Located extends Place {
  readonly message: string;
  readonly fix: string;
}

export interface LocatedProblems {
  /** What is left without the parts that have problems; undefined when nothing is. */
  readonly shape: RepositoryConfigShape | undefined;
  readonly problems: readonly Located[];
  /** Of the key or item at a path, or of the nearest thing around it. */
  readonly position: (path: Path) => Place;
  readonly has: (path: Path) => boolean;
}

/** Of one kind: whoever has that many has another problem, and places are looked for one by one. */
const mostTold = 50;
/** As deep as the file can be. */
const mostRounds = 4;

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
  if (broken.length > 0) {
    const fix = 'correct the YAML here; a text that begins with one of * & [ { # @ " or holds ": " is put into quotes';
    return refused(broken.slice(0, mostTold).map(({ pos, message }) => ({ ...at(pos[0]), message, fix })));
  }
  const unwanted: Located[] = [];
  const tell = (offset: number, message: string, fix: string): void =>
    void unwanted.push({ ...at(offset), message, fix });
  visit(document, {
    Alias: (_key, alias) => tell(alias.range?.[0] ?? 0, 'aliases are not allowed', 'write the value itself'),
    Map: (_key, map) => {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : undefined;
        if (names.has(name))
          tell(startOf(key), 'Map keys must be unique', 'put both values under one key, or remove one');
        names.add(name);
      }
    },
  });
  if (unwanted.length > 0) return refused(unwanted.slice(0, mostTold));

  const whole: unknown = document.toJS() ?? {};
  const result = repositoryConfigSchema.safeParse(whole);
  if (result.success) return { shape: result.data, problems: [], position, has };
  const problems = result.error.issues
    .flatMap(plainIssues)
    .slice(0, mostTold)
    .flatMap((issue) => describeIssue(issue, position));
  return { ...restOf(whole, result.error.issues, position), problems, has };
}

/** The file without what has no place in it, so that the values that are there are looked at all the same. */
function restOf(
  whole: unknown,
  issues: readonly Issue[],
  position: LocatedProblems['position'],
): Pick<LocatedProblems, 'shape' | 'position'> {
  let wrong: readonly Path[] = issues.flatMap(plainIssues).flatMap((issue): Path[] => {
    const path = pathOf(issue);
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  });
  for (let round = 0; round < mostRounds; round += 1) {
    const { value, pathInWhole } = withoutParts(whole, wrong);
    const rest = repositoryConfigSchema.safeParse(value);
    if (rest.success) return { shape: rest.data, position: (path) => position(pathInWhole(path)) };
    // What a group lacks cannot be left out of it: then the group goes.
    const around = rest.error.issues.map((issue) => pathInWhole(pathOf(issue)).slice(0, -1));
    wrong = [...wrong, ...around];
  }
  return { shape: undefined, position };
}

/** Of a choice between one and a list, what is wrong with the entries of the list. */
function plainIssues(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const entries = issue.errors.find((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0));
  return entries?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function pathOf({ path }: Issue): Path {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

function describeIssue(issue: Issue, position: (path: Path) => Place): Located[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostTold).map((key) => {
      const known = knownKeys(path).join(', ');
      const near = nearestWord(key, knownKeys(path));
      const hint = near === undefined ? `known here: ${known}` : `did you mean "${near}"?`;
      return {
        ...position([...path, key]),
        message: `unknown key "${[...path, key].join('.')}"; ${hint}`,
        fix: near === undefined ? 'remove it, or write one that is known' : `write "${near}", or remove it`,
      };
    });
  }
  return [{ ...position(path), message: `${nameOf(path)} ${expectation(issue)}`, fix: likeExample(path) }];
}

/** `entry 2 of paths.allowed`, as people count. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `entry ${last + 1} of ${path.slice(0, -1).join('.')}` : path.join('.');
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
    case 'too_big':
      return `must be at most ${issue.maximum}`;
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
