import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { FunctionName } from '../src/runtime/aws/aws-names.ts';
import { EntropyStack } from './entropy-stack.ts';
import { readSettings } from './read-settings.ts';
import type { StackSettings } from './stack-settings.ts';

interface EntropyAppOptions {
  /** Instead of what file and context say. */
  readonly settings?: StackSettings;
  readonly codeFolder: (name: FunctionName) => string;
  /** `none`: for whoever only wants the template, in a third of the time. */
  readonly checks?: 'all' | 'none';
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

interface EntropyApp {
  readonly app: App;
  readonly stack: EntropyStack;
}

/** The app with its one stack, which no finding of cdk-nag may leave unanswered. */
export function entropyApp({ settings, codeFolder, checks = 'all' }: EntropyAppOptions): EntropyApp {
  const app = new App({ context, analyticsReporting: false, builtinCloudFormationValidation: checks === 'all' });
  if (checks === 'all') Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const stack = new EntropyStack(app, { settings: settings ?? readSettings(app.node.getAllContext()), codeFolder });
  return { app, stack };
}
