import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { type EntropyApp, type EntropyAppOptions, entropyApp } from './entropy-app.ts';
import { readSettings } from './read-settings.ts';

/** The app whose template is not made while a finding of cdk-nag or of CloudFormation's own rules is left unanswered. */
export function checkedApp({ codeFolder }: Pick<EntropyAppOptions, 'codeFolder'>): EntropyApp {
  const made = entropyApp({ settings: readSettings, codeFolder, cloudFormationRules: 'checked' });
  Validations.of(made.app).addPlugins(new AwsSolutionsChecks(made.app), new ServerlessChecks(made.app));
  return made;
}
