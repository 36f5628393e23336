import type { SettingsLayer } from '../domain/settings.ts';
import { readSettings, refuseProblems, settingSources } from './setting-sources.ts';
import type { ValueReader, Variables } from './value-reader.ts';

/** Inputs by name. A blank input is undefined, as a runner cannot tell "not given" from "empty". */
export type InputSpec = Readonly<Record<string, ValueReader<unknown> | RequiredInput<unknown>>>;

export interface RequiredInput<Value> {
  readonly required: true;
  readonly read: ValueReader<Value>;
}

export type ActionInputs<Spec extends InputSpec> = {
  readonly [Name in keyof Spec]: Spec[Name] extends RequiredInput<infer Value>
    ? Value
    : Spec[Name] extends ValueReader<infer Value>
      ? Value | undefined
      : never;
};

/** Marks an input that must be given. */
export function required<Value>(read: ValueReader<Value>): RequiredInput<Value> {
  return { required: true, read };
}

/** `max-turns` → `INPUT_MAX-TURNS`: runners keep dashes and replace blanks. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

export function parseActionInputs<Spec extends InputSpec>(variables: Variables, spec: Spec): ActionInputs<Spec> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(spec)) {
    const text = variables[inputVariable(name)]?.trim();
    const given = text !== undefined && text !== '';
    const isRequired = typeof entry !== 'function';
    if (!given) {
      if (isRequired) problems.push(`input ${name} is required and was not given`);
      values[name] = undefined;
      continue;
    }
    const result = (isRequired ? entry.read : entry)(text);
    if (result.ok) values[name] = result.value;
    else problems.push(`input ${name} ${result.problem}`);
  }
  refuseProblems(problems, inputFix);
  return values as ActionInputs<Spec>;
}

/** The settings among the inputs, as one layer; actions that take none of them get an empty one. */
export function readInputSettings(variables: Variables): SettingsLayer {
  const problems: string[] = [];
  const inputOf = (key: keyof typeof settingSources) => settingSources[key].input;
  const layer = readSettings(
    {
      source: 'input',
      textOf: (key) => variables[inputVariable(inputOf(key))],
      nameOf: (key) => `input ${inputOf(key)}`,
    },
    problems,
  );
  refuseProblems(problems, inputFix);
  return layer;
}

const inputFix = 'correct the value under `with:` in the workflow; docs/configuration.md lists all inputs';
