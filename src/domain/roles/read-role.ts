import type { BudgetLimits } from '../budget.ts';
import { isObject } from '../json-shape.ts';
import { nearestWord } from '../nearest-word.ts';
import { parseMinutes, parseUsd } from '../quantity.ts';
import { settingProblem } from '../setting-rules.ts';
import { endingTools, type ToolName, type ToolPolicy, toolNames } from '../tool-names.ts';
import type { RoleDefinition } from './role.ts';
import { shippedRole } from './shipped-roles.ts';
import { type WorkKind, workKinds } from './work-kind.ts';

/** Something in a role's file that cannot be used. */
export interface RoleProblem {
  /** Key of the front matter and what is within it; empty: the file as a whole. */
  readonly at: readonly string[];
  /** With the value seen. */
  readonly message: string;
  readonly fix: string;
}

export interface RoleFile {
  /** From the name of the file. */
  readonly name: string;
  readonly path: string;
  /** The front matter as plain data. */
  readonly data: unknown;
  /** The markdown below it. */
  readonly body: string;
}

export type ReadRole =
  | { readonly kind: 'role'; readonly role: RoleDefinition }
  | { readonly kind: 'wrong'; readonly problems: readonly RoleProblem[] };

export const roleKeys = ['description', 'results', 'tools', 'model', 'budget', 'paths'] as const;
const toolKeys = ['allowed', 'denied'] as const;
const pathKeys = ['allowed', 'protected'] as const;
const budgetKeys = ['max-turns', 'max-tokens', 'max-cost-usd', 'max-minutes'] as const;

const longestDescription = 200;
/** About 4,000 tokens, which go with every request to the model. */
export const longestRoleInstructions = 16_000;

/** A role as its file says it, or all that is wrong with the file. Nothing is guessed; unknown keys are problems. */
export function readRole({ name, path, data, body }: RoleFile): ReadRole {
  const problems: RoleProblem[] = [];
  const fields = isObject(data) ? data : {};
  if (!isObject(data)) problems.push(wrong([], `the front matter is ${shown(data)}`, exampleFix));
  unknownKeys(fields, roleKeys, [], problems);

  const description = readDescription(fields['description'], problems);
  const results = readResults(name, fields['results'], problems);
  const tools = readTools(fields['tools'], problems);
  const model = readModel(fields['model'], problems);
  const budget = readBudget(fields['budget'], problems);
  const { allowedPaths, protectedPaths } = readPaths(fields['paths'], problems);
  const instructions = body.trim();
  if (instructions === '') {
    problems.push(
      wrong([], 'there is no text below the front matter', 'write below the second --- how this role works'),
    );
  }
  if (instructions.length > longestRoleInstructions) {
    const seen = `the instructions have ${instructions.length} characters, at most ${longestRoleInstructions} are read`;
    problems.push(wrong([], seen, 'shorten them: they go with every request to the model'));
  }
  const [first, ...others] = results;
  if (problems.length > 0 || first === undefined) return { kind: 'wrong', problems };
  const role: RoleDefinition = {
    name,
    description,
    results: [first, ...others],
    instructions,
    ...(tools && { tools }),
    ...(model !== undefined && { model }),
    ...(budget && { budget }),
    ...(allowedPaths && { allowedPaths }),
    ...(protectedPaths && { protectedPaths }),
    source: { path },
  };
  return { kind: 'role', role };
}

const exampleFix =
  'begin the file with ---, a line `description: reviews for security`, a line `results: [review]` and ---';

function readDescription(value: unknown, problems: RoleProblem[]): string {
  const fix = `write one line of at most ${longestDescription} characters: description: reviews for security`;
  if (typeof value === 'string') {
    const text = value.trim();
    const fits = text !== '' && text.length <= longestDescription && !/[\p{Cc}]/u.test(text);
    if (fits) return text;
  }
  problems.push(wrong(['description'], `description is ${shown(value)}`, fix));
  return '';
}

/** A shipped role's name keeps its kinds of work: labels and commands promise what they give. */
function readResults(name: string, value: unknown, problems: RoleProblem[]): readonly WorkKind[] {
  const shipped = shippedRole(name);
  if (value === undefined && shipped !== undefined) return shipped.results;
  const possible: readonly WorkKind[] = shipped?.results ?? workKinds;
  const fix = `write some of ${possible.join(', ')}, the usual one first: results: [${possible[0]}]`;
  const words = listOf(value);
  if (words === undefined || words.length === 0) {
    problems.push(wrong(['results'], `results is ${shown(value)}`, fix));
    return [];
  }
  const kinds: WorkKind[] = [];
  for (const [at, word] of words.entries()) {
    const kind = possible.find((known) => known === word);
    if (kind === undefined) {
      const known = workKinds.some((one) => one === word);
      const why = known ? `, which the shipped role ${name} does not give` : '';
      problems.push(wrong(['results', String(at)], `results has ${shown(word)}${why}`, fix));
    } else if (!kinds.includes(kind)) kinds.push(kind);
  }
  return kinds;
}

function readTools(value: unknown, problems: RoleProblem[]): ToolPolicy | undefined {
  const group = groupOf(value, 'tools', 'tools: { allowed: [read_file, search] }', problems);
  if (group === undefined) return undefined;
  unknownKeys(group, toolKeys, ['tools'], problems);
  const read = (key: (typeof toolKeys)[number]): readonly ToolName[] => {
    const names = listOf(group[key]);
    const known = toolNames.filter((name) => !endingTools.includes(name));
    const fix = `write a list of ${known.join(', ')}; those that end the work are always there`;
    if (names === undefined || names.length === 0) {
      if (group[key] !== undefined) problems.push(wrong(['tools', key], `tools.${key} is ${shown(group[key])}`, fix));
      return [];
    }
    return names.flatMap((name, at) => {
      const tool = known.find((one) => one === name);
      if (tool === undefined) problems.push(wrong(['tools', key, String(at)], `tools.${key} has ${shown(name)}`, fix));
      return tool ?? [];
    });
  };
  return { allowedTools: read('allowed'), deniedTools: read('denied') };
}

function readModel(value: unknown, problems: RoleProblem[]): string | undefined {
  if (value === undefined) return undefined;
  const problem = typeof value === 'string' ? settingProblem('model', value) : `is ${shown(value)}`;
  if (typeof value === 'string' && problem === undefined) return value;
  problems.push(wrong(['model'], `model ${problem}`, 'write the name of a model, or leave it out'));
  return undefined;
}

function readBudget(value: unknown, problems: RoleProblem[]): Partial<BudgetLimits> | undefined {
  const group = groupOf(value, 'budget', 'budget: { max-turns: 20 }', problems);
  if (group === undefined) return undefined;
  unknownKeys(group, budgetKeys, ['budget'], problems);
  const read = (
    key: (typeof budgetKeys)[number],
    setting: keyof BudgetLimits,
    parse: (text: string) => number | undefined,
  ): Partial<BudgetLimits> => {
    const raw = group[key];
    if (raw === undefined) return {};
    const amount = typeof raw === 'number' || typeof raw === 'string' ? parse(String(raw)) : undefined;
    const problem = amount === undefined || amount <= 0 ? `is ${shown(raw)}` : settingProblem(setting, amount);
    if (amount !== undefined && problem === undefined) return { [setting]: amount };
    problems.push(wrong(['budget', key], `budget.${key} ${problem}`, `write an amount above 0, or leave ${key} out`));
    return {};
  };
  const whole = (text: string): number | undefined => (/^\d{1,12}$/.test(text) ? Number(text) : undefined);
  return {
    ...read('max-turns', 'maxTurns', whole),
    ...read('max-tokens', 'maxTokens', whole),
    ...read('max-cost-usd', 'maxCostMicroUsd', parseUsd),
    ...read('max-minutes', 'maxMinutes', parseMinutes),
  };
}

function readPaths(value: unknown, problems: RoleProblem[]): Pick<RoleDefinition, 'allowedPaths' | 'protectedPaths'> {
  const group = groupOf(value, 'paths', 'paths: { allowed: [src/**] }', problems);
  if (group === undefined) return {};
  unknownKeys(group, pathKeys, ['paths'], problems);
  const read = (key: (typeof pathKeys)[number]): readonly string[] | undefined => {
    if (group[key] === undefined) return undefined;
    const globs = listOf(group[key]);
    const rule = key === 'allowed' ? 'allowedPaths' : 'protectedPaths';
    const problem = globs === undefined ? `is ${shown(group[key])}` : settingProblem(rule, globs);
    if (globs !== undefined && problem === undefined) return globs;
    problems.push(
      wrong(['paths', key], `paths.${key} ${problem}`, 'write a list of globs such as src/** or docs/*.md'),
    );
    return undefined;
  };
  const allowedPaths = read('allowed');
  const protectedPaths = read('protected');
  return { ...(allowedPaths && { allowedPaths }), ...(protectedPaths && { protectedPaths }) };
}

function groupOf(
  value: unknown,
  key: string,
  example: string,
  problems: RoleProblem[],
): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || isObject(value)) return value;
  problems.push(wrong([key], `${key} is ${shown(value)}`, `write a group, or leave it out: ${example}`));
  return undefined;
}

function unknownKeys(
  group: Readonly<Record<string, unknown>>,
  known: readonly string[],
  within: readonly string[],
  problems: RoleProblem[],
): void {
  for (const key of Object.keys(group)) {
    if (known.includes(key)) continue;
    const near = nearestWord(key, known);
    const fix = near === undefined ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`;
    problems.push(wrong([...within, key], `${JSON.stringify(key.slice(0, 80))} is not a key of a role`, fix));
  }
}

function listOf(value: unknown): readonly string[] | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.every((item): item is string => typeof item === 'string') ? items : undefined;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return JSON.stringify(value)?.slice(0, 80) ?? typeof value;
}

function wrong(at: readonly string[], message: string, fix: string): RoleProblem {
  return { at, message, fix };
}
