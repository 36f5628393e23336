import { existsSync, readFileSync } from 'node:fs';
import { EntropyError } from '../src/domain/error.ts';
import { stackSettingsFile } from '../src/runtime/aws/stack-outputs.ts';
import { parseSettings, type SettingSource } from './parse-settings.ts';
import type { StackSettings } from './stack-settings.ts';

/** Context key that names another file. */
const fileKey = 'settings';

/**
 * What is set, by rising rank: `entropy.stack.json` in the root of the clone (or the file of `-c settings=FILE`), then the
 * context (`cdk.json`, `cdk -c NAME=VALUE`).
 */
export function readSettings(context: Readonly<Record<string, unknown>>): StackSettings {
  const named = context[fileKey];
  const file = typeof named === 'string' ? named : stackSettingsFile;
  const sources: SettingSource[] = [];
  if (typeof named === 'string' || existsSync(file)) sources.push({ name: file, values: readObject(file) });
  sources.push({ name: 'the context', values: ownContext(context) });
  return parseSettings(sources);
}

/** CDK's own context is `@aws-cdk/…`, `aws:…`, `cli-…` or an answer of a look-up (`hosted-zone:…`). */
function ownContext(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ours = Object.entries(context).filter(([key]) => key !== fileKey && !/[:@/]/.test(key));
  return Object.fromEntries(ours);
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) throw refused(file, 'are not there');
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read };
  } catch (cause) {
    throw refused(file, 'cannot be read as JSON', cause);
  }
  throw refused(file, 'hold no group of keys');
}

function refused(file: string, why: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E101',
    message: `the settings of the stack, ${file}, ${why}`,
    fix: 'write it as {"githubAppId": 123456, "owners": ["octo#9919"]}; docs/aws.md lists every setting',
    ...(cause !== undefined && { cause }),
  });
}
