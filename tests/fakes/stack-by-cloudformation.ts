import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Output,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../../src/adapters/aws/aws-access.ts';
import type { KnownValues, StackTemplate, TemplateResource } from './template-values.ts';

export interface MakeOptions {
  readonly template: StackTemplate;
  readonly access: AwsAccess;
  readonly endpoint: string;
  readonly known: KnownValues;
}

/** What moto makes by CloudFormation, with every property that the template gives it, and what is read of it. */
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['Ref', 'Arn', 'QueueName'],
  'AWS::KMS::Key': ['Ref', 'Arn'],
};

/** moto makes every key by CloudFormation a symmetric one. */
const isOurs = ({ Type, Properties = {} }: TemplateResource): boolean =>
  Type in attributesOf && Properties['KeySpec'] === undefined;

/** Queues and data key: the template cut to them, through CloudFormation's own `CreateStack`. moto heeds no policy. */
export async function createByCloudFormation({ template, access, endpoint }: MakeOptions): Promise<KnownValues> {
  const ours = Object.entries(template.Resources).filter(([, resource]) => isOurs(resource));
  const asked = ours.flatMap(([id, { Type }]) => (attributesOf[Type] ?? []).map((attribute) => ({ id, attribute })));
  const client = new CloudFormationClient({ region: access.region, endpoint, credentials: await access.credentials() });
  try {
    const body = {
      Resources: Object.fromEntries(ours.map(([id, resource]) => [id, withoutTags(resource)])),
      Outputs: Object.fromEntries(
        asked.map(({ id, attribute }, index) => [
          `O${index}`,
          { Value: attribute === 'Ref' ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] } },
        ]),
      ),
    };
    const StackName = `entropy-${randomUUID()}`;
    await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body) }));
    const { Stacks: [made] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (made?.StackStatus !== 'CREATE_COMPLETE') throw new Error(`moto's stack is ${made?.StackStatus}`);
    return new Map(asked.map(({ id, attribute }, index) => [`${id}.${attribute}`, outputOf(made.Outputs, index)]));
  } finally {
    client.destroy();
  }
}

/** moto reads a key's tags by the names that they have in KMS, not in CloudFormation. */
function withoutTags({ Type, Properties = {} }: TemplateResource) {
  const { Tags: _tags, ...others } = Properties;
  return { Type, Properties: others };
}

function outputOf(outputs: readonly Output[] | undefined, index: number): string {
  const value = outputs?.find(({ OutputKey }) => OutputKey === `O${index}`)?.OutputValue;
  if (value === undefined) throw new Error(`moto's stack does not tell its output ${index}`);
  return value;
}
