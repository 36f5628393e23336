import { App } from 'aws-cdk-lib';
import type { FunctionName } from '../src/runtime/aws/aws-names.ts';
import { EntropyStack } from './entropy-stack.ts';
import type { StackSettings } from './stack-settings.ts';

export interface EntropyAppOptions {
  readonly settings: (context: Readonly<Record<string, unknown>>) => StackSettings;
  readonly codeFolder: (name: FunctionName) => string;
  /** CloudFormation's own rules, which take longer than all the rest. */
  readonly cloudFormationRules: 'checked' | 'unchecked';
}

export interface EntropyApp {
  readonly app: App;
  readonly stack: EntropyStack;
}

/** Behaviour of CDK that new projects choose; here and not in cdk.json, so that tests make the same template. */
const context = {
  // Access logs by the bucket's policy, not by lists of access that buckets no longer have.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/core:checkSecretUsage': true,
  // What CloudFormation's own rules find is an error, as what cdk-nag finds is.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
};

/** The app with its one stack. */
export function entropyApp({ settings, codeFolder, cloudFormationRules }: EntropyAppOptions): EntropyApp {
  const builtinCloudFormationValidation = cloudFormationRules === 'checked';
  const app = new App({ context, analyticsReporting: false, builtinCloudFormationValidation });
  const stack = new EntropyStack(app, { settings: settings(app.node.getAllContext()), codeFolder });
  return { app, stack };
}
