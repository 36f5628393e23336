import type { z } from 'zod';
import { EntropyError } from '../src/domain/error.ts';
import { nearestWord } from '../src/domain/nearest-word.ts';
import { functionNames } from '../src/runtime/aws/aws-names.ts';
import {
  disagreements,
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

const inherited = '__proto__';

/** One E101 names everything that is wrong, with where it was written. */
export function parseSettings(sources: readonly SettingSource[]): StackSettings {
  const merged: Record<string, unknown> = {};
  const writtenIn = new Map<string, string>();
  for (const { name, values } of sources)
    for (const [key, value] of Object.entries(values)) {
      writtenIn.set(key, name);
      // By assignment it would be no member, but where members are inherited from.
      if (key !== inherited) merged[key] = fromText(key, value);
    }
  const parsed = stackSettingsSchema.safeParse(merged);
  const wrong = disagreements(merged);
  const strange = writtenIn.has(inherited)
    ? [`${placeOf(inherited, writtenIn)}there is no setting "${inherited}"`]
    : [];
  if (parsed.success && wrong.length === 0 && strange.length === 0) return parsed.data;
  const problems = [
    ...strange,
    ...(parsed.error?.issues ?? []).flatMap((issue) => describe(issue, merged, writtenIn)),
    ...wrong.map(({ setting, problem }) => `${placeOf(setting, writtenIn)}${setting} ${problem}`),
  ];
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
  const shape = Object.hasOwn(settingShapes, key) ? settingShapes[key as SettingName] : undefined;
  const issue = shape?.safeParse(value).error?.issues[0];
  const wantsText = issue?.code !== 'invalid_type' && issue?.code !== 'invalid_value';
  if (wantsText) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const placeOf = (setting: string, writtenIn: ReadonlyMap<string, string>): string => {
  const place = writtenIn.get(setting);
  return place === undefined ? '' : `${place}: `;
};

function describe(
  issue: z.core.$ZodIssue,
  merged: Readonly<Record<string, unknown>>,
  writtenIn: ReadonlyMap<string, string>,
): string[] {
  const [key] = issue.path;
  const where = placeOf(String(key), writtenIn);
  if (issue.code === 'unrecognized_keys') {
    const known = key === undefined ? settingNames : functionNames;
    return issue.keys.map((strange) => {
      const near = nearestWord(strange, known);
      const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
      const name = key === undefined ? strange : `${String(key)}.${strange}`;
      return `${key === undefined ? placeOf(strange, writtenIn) : where}there is no setting "${name}"; ${hint}`;
    });
  }
  if (issue.code === 'invalid_key') {
    const [name] = issue.path.slice(-1);
    return [`${where}${String(key)} has the key ${JSON.stringify(name)}, not ${issue.issues[0]?.message ?? 'one'}`];
  }
  const seen = JSON.stringify(valueAt(merged, issue.path))?.slice(0, 80);
  return [`${where}${issue.path.map(String).join('.')} is ${seen}, not ${expected(issue)}`];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (inner, part) => (typeof inner === 'object' ? Reflect.get(Object(inner), part) : undefined),
    value,
  );
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
