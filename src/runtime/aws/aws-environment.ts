import type { AwsAccess, AwsCredentials, AwsServiceName } from '../../adapters/aws/aws-access.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface AwsPlace {
  readonly region: string | undefined;
  readonly endpoints: NonNullable<AwsAccess['endpoints']>;
}

/** The names that all of AWS's tools read. */
const endpointVariables = {
  sqs: 'AWS_ENDPOINT_URL_SQS',
  kms: 'AWS_ENDPOINT_URL_KMS',
  secretsmanager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  s3: 'AWS_ENDPOINT_URL_S3',
  ssm: 'AWS_ENDPOINT_URL_SSM',
  sts: 'AWS_ENDPOINT_URL_STS',
  cloudformation: 'AWS_ENDPOINT_URL_CLOUDFORMATION',
} as const satisfies Readonly<Record<AwsServiceName, string>>;

export function parseAwsPlace(environment: Environment): AwsPlace {
  const everywhere = given(environment['AWS_ENDPOINT_URL']);
  const endpoints = Object.fromEntries(
    Object.entries(endpointVariables).flatMap(([service, variable]) => {
      const address = given(environment[variable]) ?? everywhere;
      return address === undefined ? [] : [[service, address]];
    }),
  );
  return { region: given(environment['AWS_REGION']) ?? given(environment['AWS_DEFAULT_REGION']), endpoints };
}

export function parseAwsCredentials(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = given(environment['AWS_ACCESS_KEY_ID']);
  const secretAccessKey = given(environment['AWS_SECRET_ACCESS_KEY']);
  const sessionToken = given(environment['AWS_SESSION_TOKEN']);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
