import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EntropyError } from '../domain/error.ts';
import { settingProblems } from '../domain/setting-rules.ts';
import { type SettingKey, type Settings, type SettingsLayer, settingKeys, settingNames } from '../domain/settings.ts';
import type { RepositoryConfigShape } from './repository-config-schema.ts';
import { likeExample } from './setting-examples.ts';
import { refuseProblems, settingSources } from './setting-sources.ts';

export const repositoryConfigPath = '.github/entropy.yml';
const maxBytes = 16 * 1024;

/** One thing that is wrong with the file, at the place where it stands. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** With the setting as it can be written. */
  readonly fix: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ReadConfig {
  /** What could be read; the origin of each value names its line. */
  readonly layer: SettingsLayer;
  readonly problems: readonly ConfigProblem[];
  /** Where a setting stands, or a key in its group; where it would stand when it is not there. */
  readonly placeOf: (key: SettingKey, ...within: readonly (string | number)[]) => Place;
}

/**
 * Reads `.github/entropy.yml` and tells all that is wrong with it by itself. `where` names the file in messages
 * (`.github/entropy.yml at main`). The parsers are heavy and loaded only here, on the first call.
 */
export async function readConfig(
  content: Uint8Array | string,
  where: string = repositoryConfigPath,
): Promise<ReadConfig> {
  const text = decode(content, where);
  const { locateProblems } = await import('./repository-config-problems.ts');
  const { shape, problems, position, has } = locateProblems(text);
  const placeOf = (key: SettingKey, ...within: readonly (string | number)[]): Place =>
    position([...settingNames[key].split('.'), ...within]);
  const wrong: WrongValue[] = [];
  const values = shape === undefined ? {} : readShape(shape, wrong);
  const origin: Partial<Record<SettingKey, string>> = {};
  for (const key of settingKeys) {
    if (!has(settingNames[key].split('.'))) continue;
    const { line, column } = placeOf(key);
    origin[key] = `${where}:${line}:${column}`;
  }
  const told = wrong.map(({ key, within, problem }) => ({
    ...placeOf(key, ...within),
    message: `${settingNames[key]} ${problem}`,
    fix: likeExample(settingNames[key].split('.')),
  }));
  const found = [...problems, ...told].sort((a, b) => a.line - b.line || a.column - b.column);
  return { layer: { source: repositoryConfigPath, values, origin }, problems: found, placeOf };
}

/** The file as a layer of settings. Throws one E101 that names every problem with line and column. */
export async function parseRepositoryConfig(
  content: Uint8Array | string,
  where: string = repositoryConfigPath,
): Promise<SettingsLayer> {
  const { layer, problems } = await readConfig(content, where);
  refuseProblems(
    problems.map(({ line, column, message }) => `${where}:${line}:${column} ${message}`),
    'correct the file; docs/policy.md explains every key, and `entropy-playground policy check` checks it',
  );
  return layer;
}

/** The file of a local repository; an empty layer when there is none. */
export async function readRepositoryConfig(repository: string): Promise<SettingsLayer> {
  const path = join(repository, repositoryConfigPath);
  try {
    return await parseRepositoryConfig(await readFile(path));
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (absent) return { source: repositoryConfigPath, values: {} };
    if (error instanceof EntropyError) throw error;
    throw new EntropyError({
      code: 'E102',
      message: `cannot read ${path}`,
      fix: 'make it a readable file, or remove it',
      cause: error,
    });
  }
}

function decode(content: Uint8Array | string, where: string): string {
  const fault = (message: string): never => {
    throw new EntropyError({ code: 'E101', message: `${where} ${message}`, fix: 'save it as a small UTF-8 text file' });
  };
  if (content.length > maxBytes) return fault(`is larger than ${maxBytes / 1024} KiB`);
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return fault('is not UTF-8 text');
  }
}

/** Keys whose values are told with a unit, as numbers or as text. */
const quantities: ReadonlySet<SettingKey> = new Set([
  'maxCostMicroUsd',
  'maxIssueCostMicroUsd',
  'maxDayCostMicroUsd',
  'maxMinutes',
  'maxPatchBytes',
]);

type Values = Partial<{ -readonly [Key in SettingKey]: Settings[Key] }>;

interface WrongValue {
  readonly key: SettingKey;
  /** Where in the value of the key. */
  readonly within: readonly (string | number)[];
  readonly problem: string;
}

/** Names become keys, quantities numbers; the rules that all sources share are applied value by value. */
function readShape(shape: RepositoryConfigShape, wrong: WrongValue[]): Values {
  const values: Values = {};
  const take = <Key extends SettingKey>(key: Key): void => {
    const given = valueAt(shape, settingNames[key].split('.'));
    if (given === undefined) return;
    const read = quantities.has(key) ? settingSources[key].read(String(given)) : { ok: true as const, value: given };
    // The schema has proven the shape of every other value.
    const value = read.ok ? (read.value as NonNullable<Settings[Key]>) : undefined;
    const problems = read.ok
      ? value === undefined
        ? []
        : settingProblems<Key>(key, value)
      : [{ within: [], problem: read.problem }];
    wrong.push(...problems.map((part) => ({ key, ...part })));
    if (problems.length === 0 && value !== undefined) values[key] = value;
  };
  for (const key of settingKeys) take(key);
  return values;
}

function valueAt(shape: unknown, path: readonly string[]): unknown {
  let value = shape;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}
