import { randomUUID } from 'node:crypto';
import { createSignedCall, kmsService, secretsService } from '../../src/adapters/aws/signed-call.ts';
import { awsVariables, type FunctionName } from '../../src/runtime/aws/aws-names.ts';
import { type AwsStandIn, createKmsKey } from './aws-stand-in.ts';
import { createBuckets } from './stack-buckets.ts';
import { createByCloudFormation, type MakeOptions } from './stack-by-cloudformation.ts';
import { createTable } from './stack-table.ts';
import { type KnownValues, resolveValue, resourceOf, resourcesOf, type StackTemplate } from './template-values.ts';

interface FromTemplateOptions {
  readonly template: StackTemplate;
  /** Everything but the table. */
  readonly aws: AwsStandIn;
  /** Address of DynamoDB Local. */
  readonly dynamodb: string;
  /** What CloudFormation would ask for: `{ GithubAppId: '1', Owners: 'octo' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What stands for the HTTP API's address: there is no HTTP API. */
  readonly apiUrl: string;
}

export interface StackResources {
  /** All that the template sets for this function, and where its AWS is. */
  environmentOf(name: FunctionName): Promise<Readonly<Record<string, string>>>;
  readonly tableName: string;
  readonly tableStreamArn: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly archiverFailuresUrl: string;
  readonly artifactsBucket: string;
  readonly auditBucket: string;
  /** Empty until somebody puts a value in, as after a deployment. */
  readonly webhookSecretId: string;
  readonly sealingKeyId: string;
  /**
   * A key that moto made itself: it can neither import key material nor sign with a key that was made to take some, so this
   * one resource is not what the template says (`Origin: EXTERNAL`).
   */
  readonly appKeyId: string;
  /** Of `appKeyId`: SPKI, DER. GitHub knows the App by it. */
  readonly appPublicKey: Buffer;
}

/** The stack's resources as its own template declares them, on the stand-ins. Functions are called by the test itself. */
export async function createFromTemplate(options: FromTemplateOptions): Promise<StackResources> {
  const { template, aws, dynamodb } = options;
  const access = aws.access();
  const appKeyId = await createKmsKey(access, 'SIGN_VERIFY');
  const known = new Map<string, string>([
    ['AWS::Region.Ref', access.region],
    ['AWS::Partition.Ref', 'aws'],
    ['AWS::AccountId.Ref', '123456789012'],
    ['AWS::URLSuffix.Ref', 'amazonaws.com'],
    ...parametersOf(options),
    [`${appKeyOf(template)}.KeyId`, appKeyId],
  ]);
  for (const [id] of resourcesOf(template, 'AWS::ApiGatewayV2::Api')) known.set(`${id}.ApiEndpoint`, options.apiUrl);
  const credentials = await access.credentials();
  await addTo(known, createByCloudFormation({ template, access, endpoint: aws.endpoint, known }));
  await addTo(known, createSecrets({ template, access, endpoint: aws.endpoint, known }));
  await addTo(known, createBuckets({ template, access, endpoint: aws.endpoint, known }));
  await addTo(known, createTable({ template, access, endpoint: dynamodb, known }));

  const { PublicKey } = await createSignedCall(access, kmsService)(
    'GetPublicKey',
    { KeyId: appKeyId },
    { resource: appKeyId },
  );
  const told = (output: string): string => {
    const declared = template.Outputs?.[output];
    if (declared === undefined) throw new Error(`the template has no output ${output}`);
    return String(resolveValue(declared.Value, known));
  };
  const [table] = resourceOf(template, 'AWS::DynamoDB::Table');
  const [failures] = resourceOf(template, 'AWS::SQS::Queue', 'ArchiveFailures');
  const [dataKey] = resourceOf(template, 'AWS::KMS::Key', 'KeysData');
  const attribute = (name: string): string => String(resolveValue({ 'Fn::GetAtt': name }, known));
  return {
    environmentOf: async (name) => ({
      ...variablesOf(template, name, known),
      AWS_REGION: access.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    }),
    tableName: told('TableName'),
    tableStreamArn: attribute(`${table}.StreamArn`),
    queueUrl: told('QueueUrl'),
    deadLetterQueueUrl: told('DeadLetterQueueUrl'),
    archiverFailuresUrl: attribute(`${failures}.Ref`),
    artifactsBucket: told('ArtifactsBucket'),
    auditBucket: told('AuditBucket'),
    webhookSecretId: told('WebhookSecretId'),
    sealingKeyId: attribute(`${dataKey}.Ref`),
    appKeyId,
    appPublicKey: Buffer.from(String(PublicKey), 'base64'),
  };
}

function* parametersOf({ template, parameters = {} }: FromTemplateOptions): Iterable<readonly [string, string]> {
  for (const [name, { Default }] of Object.entries(template.Parameters ?? {})) {
    const value = parameters[name] ?? Default;
    if (value === undefined) throw new Error(`CloudFormation would ask for the parameter ${name}`);
    yield [`${name}.Ref`, value];
  }
}

async function addTo(known: Map<string, string>, made: Promise<KnownValues>): Promise<void> {
  for (const [name, value] of await made) known.set(name, value);
}

function appKeyOf(template: StackTemplate): string {
  return resourceOf(template, 'AWS::KMS::Key', 'KeysApp')[0];
}

/** Made empty, as the template says. moto's CloudFormation knows no secrets. */
async function createSecrets({ template, access }: MakeOptions): Promise<KnownValues> {
  const call = createSignedCall(access, secretsService);
  const made = new Map<string, string>();
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::SecretsManager::Secret')) {
    const { ARN } = await call(
      'CreateSecret',
      { Name: `${id}-${randomUUID()}`, Description: Properties?.['Description'] },
      { resource: id },
    );
    made.set(`${id}.Ref`, String(ARN)).set(`${id}.Id`, String(ARN));
  }
  return made;
}

/** The function is known by its variables' owner: its name ends so. */
function variablesOf(
  template: StackTemplate,
  name: FunctionName,
  known: KnownValues,
): Readonly<Record<string, string>> {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    String(Properties?.['FunctionName']).endsWith(`-${name}`),
  );
  const environment = resolveValue(found?.[1].Properties?.['Environment'], known);
  if (typeof environment !== 'object' || environment === null || !('Variables' in environment))
    throw new Error(`the template tells the function ${name} nothing`);
  const entries = Object.entries({ ...(environment.Variables as object) });
  const strange = entries.filter(([variable]) => !Object.values<string>(awsVariables).includes(variable));
  if (strange.length > 0) throw new Error(`the template sets ${strange[0]}, which aws-names.ts does not name`);
  return Object.fromEntries(entries.map(([variable, value]) => [variable, String(value)]));
}
