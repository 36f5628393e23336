import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EntropyError } from '../domain/error.ts';
import { settingProblem } from '../domain/setting-rules.ts';
import { type SettingKey, type Settings, type SettingsLayer, settingKeys, settingNames } from '../domain/settings.ts';
import type { RepositoryConfigShape } from './repository-config-schema.ts';
import { refuseProblems, settingSources } from './setting-sources.ts';

export const repositoryConfigPath = '.github/entropy.yml';
const maxBytes = 64 * 1024;

/**
 * Parses `.github/entropy.yml`. `where` names the file in messages (`.github/entropy.yml at main`). Throws one E101
 * that names every problem with line and column. The parsers are heavy and loaded only here, on the first call.
 */
export async function parseRepositoryConfig(
  content: Uint8Array | string,
  where: string = repositoryConfigPath,
): Promise<SettingsLayer> {
  const text = decode(content, where);
  const { locateProblems } = await import('./repository-config-problems.ts');
  const result = locateProblems(text);
  const problems = result.problems.map((problem) => `${where}${problem}`);
  const layer = { source: repositoryConfigPath, values: {} as Partial<Settings> };
  if (result.shape !== undefined) {
    const wrong: { readonly key: SettingKey; readonly problem: string }[] = [];
    layer.values = readShape(result.shape, wrong);
    for (const { key, problem } of wrong) {
      problems.push(`${where}${result.position(settingNames[key].split('.'))} ${settingNames[key]} ${problem}`);
    }
  }
  refuseProblems(
    problems,
    'correct the file; docs/configuration.md explains every key, and `entropy-playground config show` checks it',
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

/** Names become keys, quantities numbers; the rules that all sources share are applied value by value. */
function readShape(shape: RepositoryConfigShape, wrong: { key: SettingKey; problem: string }[]): Values {
  const values: Values = {};
  const take = <Key extends SettingKey>(key: Key): void => {
    const given = valueAt(shape, settingNames[key].split('.'));
    if (given === undefined) return;
    const read = quantities.has(key) ? settingSources[key].read(String(given)) : { ok: true as const, value: given };
    // The schema has proven the shape of every other value.
    const value = read.ok ? (read.value as NonNullable<Settings[Key]>) : undefined;
    const problem = read.ok ? value !== undefined && settingProblem<Key>(key, value) : read.problem;
    if (typeof problem === 'string') wrong.push({ key, problem });
    else if (value !== undefined) values[key] = value;
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
