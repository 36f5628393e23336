import type { Clock } from '../../ports/clock.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a role; credentials of a user have none. */
  readonly sessionToken?: string;
  /** When others are to be asked for; absent: they stay as they are. */
  readonly expiration?: Date;
}

/** Asked before every attempt, so that credentials which were renewed count at once. It remembers them itself. */
export type AwsCredentialSource = () => Promise<AwsCredentials>;

/** The services that are called; each may be told of an address of its own. */
export type AwsServiceName = 'sqs' | 'kms' | 'secretsmanager' | 's3' | 'ssm' | 'sts' | 'cloudformation';

/** Which AWS, and as whom. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: AwsCredentialSource;
  readonly clock: Clock;
  /** Stand-ins and private addresses; absent: the service's public one in the region. */
  readonly endpoints?: Partial<Readonly<Record<AwsServiceName, string>>>;
  readonly fetch?: typeof fetch;
  /** A number from 0 to below 1, which parts callers that were refused together; `Math.random` when absent. */
  readonly random?: () => number;
}

/** Base address without a slash at the end. */
export function endpointOf(
  { endpoints, region }: Pick<AwsAccess, 'endpoints' | 'region'>,
  service: AwsServiceName,
): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return endpoints?.[service]?.replace(/\/$/, '') ?? `https://${service}.${region}.${suffix}`;
}
