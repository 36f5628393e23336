import type { StepExecution } from '../job/job-run.ts';

/** What a replacement of one of GitHub's actions works with. A thrown `BuiltinFailure` fails the step with its message. */
export interface BuiltinStep {
  readonly step: StepExecution;
  readonly inputs: Readonly<Record<string, string>>;
  readonly displayName: string;
}

export class BuiltinFailure extends Error {
  override readonly name = 'BuiltinFailure';
}

export function flag(inputs: Readonly<Record<string, string>>, name: string): boolean {
  const value = inputs[name] ?? '';
  // The YAML 1.2 core schema, as the actions' own toolkit reads it.
  if (['true', 'True', 'TRUE'].includes(value)) return true;
  if (['false', 'False', 'FALSE'].includes(value)) return false;
  throw new BuiltinFailure(
    `Input does not meet YAML 1.2 "Core Schema" specification: ${name}. It is '${value}'; use true or false`,
  );
}

export function lines(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
