import type { App } from 'aws-cdk-lib';
import { entropyApp } from '../../cdk/entropy-app.ts';
import type { EntropyStack } from '../../cdk/entropy-stack.ts';
import { parseSettings } from '../../cdk/parse-settings.ts';
import { type FunctionName, functionNames } from '../../src/runtime/aws/aws-names.ts';
import { tempFolder } from './temp-folder.ts';
import type { StackTemplate } from './template-values.ts';

export interface SynthesisedStack {
  readonly app: App;
  readonly stack: EntropyStack;
  readonly template: StackTemplate;
}

interface SynthesiseOptions {
  /** As they are written in `entropy.stack.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Absent: a stub for each, since a template names bundles by their hash alone. */
  readonly codeFolder?: (name: FunctionName) => string;
}

/** The template with the defaults, made once for all who only read it. */
export function standardStack(): StackTemplate {
  standard ??= synthesise().template;
  return standard;
}

let standard: StackTemplate | undefined;

/** The template as `cdk synth` makes it, without its slow checks. */
export function synthesise({ settings = {}, codeFolder }: SynthesiseOptions = {}): SynthesisedStack {
  const stubs = Object.fromEntries(
    functionNames.map((name) => [`${name}/index.mjs`, `export const handler = () => '${name}';\n`]),
  );
  using folder = tempFolder(stubs);
  const { app, stack } = entropyApp({
    settings: () => parseSettings([{ name: 'the test', values: settings }]),
    codeFolder: codeFolder ?? ((name) => `${folder.root}/${name}`),
    cloudFormationRules: 'unchecked',
  });
  return { app, stack, template: app.synth().getStackByName(stack.stackName).template };
}
