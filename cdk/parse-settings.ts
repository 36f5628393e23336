import type { z } from 'zod';
import { EntropyError } from '../src/domain/error.ts';
import { nearestWord } from '../src/domain/nearest-word.ts';
import {
  type SettingName,
  type StackSettings,
  settingNames,
  settingShapes,
  stackSettingsSchema,
} from './stack-settings.ts';

/** Where settings were written; a later source wins. */
export interface SettingSource {
  /** As a person knows it: `entropy.stack.json`, `the context`. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One E101 names everything that is wrong, with where it was written. */
export function parseSettings(sources: readonly SettingSource[]): StackSettings {
  const merged: Record<string, unknown> = {};
  const writtenIn = new Map<string, string>();
  for (const { name, values } of sources)
    for (const [key, value] of Object.entries(values)) {
      merged[key] = fromText(key, value);
      writtenIn.set(key, name);
    }
  const parsed = stackSettingsSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, merged, writtenIn));
  throw new EntropyError({
    code: 'E101',
    message: `the settings of the stack are not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    fix: 'mend what is named above; docs/aws.md lists every setting',
  });
}

/** `cdk -c NAME=VALUE` gives text only: what is no text in the schema is read as JSON, lists also with commas. */
function fromText(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === 'owners' && !value.trim().startsWith('[')) return value.split(',').map((owner) => owner.trim());
  const shape = settingShapes[key as SettingName];
  if (shape === undefined || shape.safeParse(value).success) return value;
  try {
    const read: unknown = JSON.parse(value);
    return shape.safeParse(read).success ? read : value;
  } catch {
    return value;
  }
}

function describe(
  issue: z.core.$ZodIssue,
  merged: Readonly<Record<string, unknown>>,
  writtenIn: ReadonlyMap<string, string>,
): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return issue.keys.map((key) => {
      const near = nearestWord(key, settingNames);
      const hint = near === undefined ? `known are ${settingNames.join(', ')}` : `did you mean "${near}"?`;
      return `${writtenIn.get(key)}: there is no setting "${key}"; ${hint}`;
    });
  const [key] = issue.path;
  const name = issue.path.map(String).join('.');
  const place = writtenIn.get(String(key));
  const where = place === undefined ? '' : `${place}: `;
  if (issue.code === 'custom') return [`${where}${name} ${issue.message}`];
  const seen = JSON.stringify(merged[String(key)])?.slice(0, 80);
  return [`${where}${name} is ${seen}, not ${expected(issue)}`];
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return (
        { string: 'text', int: 'a whole number', number: 'a number', array: 'a list' }[issue.expected as string] ??
        'a group of keys'
      );
    case 'too_small':
      return issue.origin === 'array'
        ? `a list of at least ${issue.minimum}`
        : `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}
