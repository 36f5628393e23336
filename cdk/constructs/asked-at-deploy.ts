import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StackSettings } from '../stack-settings.ts';

/**
 * The two things that nobody can guess. Set, they are part of the template; not set, the template still can be made, and
 * CloudFormation refuses to deploy it without them.
 */
export class AskedAtDeploy extends Construct {
  readonly appId: string;
  /** Separated by commas. */
  readonly owners: string;

  constructor(scope: Construct, id: string, { githubAppId, owners }: StackSettings) {
    super(scope, id);
    this.appId = githubAppId === undefined ? this.#ask('GithubAppId', appIdRule) : String(githubAppId);
    this.owners = owners === undefined ? this.#ask('Owners', ownersRule) : owners.join(',');
  }

  #ask(name: string, { pattern, says }: { readonly pattern: string; readonly says: string }): string {
    const parameter = new CfnParameter(this, name, {
      type: 'String',
      description: says,
      allowedPattern: pattern,
      constraintDescription: `${says}; docs/aws.md tells how to set it`,
    });
    parameter.overrideLogicalId(name);
    return parameter.valueAsString;
  }
}

const appIdRule = { pattern: '^[1-9][0-9]{0,11}$', says: 'Number of the GitHub App' };
const ownersRule = {
  pattern: '^[A-Za-z0-9-]+(#[1-9][0-9]*)?(,[A-Za-z0-9-]+(#[1-9][0-9]*)?)*$',
  says: "Owners whose repositories' runners may speak with the coordinator, LOGIN#ID, separated by commas",
};
