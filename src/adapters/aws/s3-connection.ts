import type { S3Client } from '@aws-sdk/client-s3';
import { EntropyError } from '../../domain/error.ts';
import type { AwsAccess } from './aws-access.ts';
import { type AwsFailure, awsFault } from './aws-fault.ts';

export type S3Sdk = typeof import('@aws-sdk/client-s3');

export interface S3Connection extends Disposable {
  readonly bucket: string;
  open(): Promise<{ readonly sdk: S3Sdk; readonly client: S3Client }>;
  /** One request; throws E740 to E746. */
  ask<T>(action: string, key: string, request: (sdk: S3Sdk, client: S3Client) => Promise<T>): Promise<T>;
}

/** For the headers of an answer; a part of a large object takes its time. */
const requestTimeoutMs = 60_000;
const connectionTimeoutMs = 3_000;

/** The SDK is loaded with the first request: nobody waits for it who stores nothing. */
export function createS3Connection(access: AwsAccess, bucket: string): S3Connection {
  let opened: Promise<{ readonly sdk: S3Sdk; readonly client: S3Client }> | undefined;
  let made: S3Client | undefined;

  const connect = async () => {
    const sdk = await import('@aws-sdk/client-s3');
    const endpoint = access.endpoints?.s3;
    made = new sdk.S3Client({
      region: access.region,
      credentials: access.credentials,
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      maxAttempts: 4,
      // Every object has its SHA-256, which is checked here: another sum would be counted for nothing.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: requestTimeoutMs,
        throwOnRequestTimeout: true,
      },
    });
    return { sdk, client: made };
  };

  const open = () => {
    opened ??= connect();
    return opened;
  };

  return {
    bucket,
    open,
    ask: async (action, key, request) => {
      const { sdk, client } = await open();
      try {
        return await request(sdk, client);
      } catch (error) {
        throw s3Fault(error, `s3:${action}`, `${bucket}/${key}`);
      }
    },
    [Symbol.dispose]: () => made?.destroy(),
  };
}

/** The HTTP status that S3 answered with; 0 when it did not, or the error is another one. */
export function statusOf(error: unknown): number {
  const source = error instanceof EntropyError ? error.cause : error;
  const metadata: unknown =
    typeof source === 'object' && source !== null && '$metadata' in source ? source.$metadata : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : 0;
  return typeof status === 'number' ? status : 0;
}

function s3Fault(error: unknown, action: string, resource: string): unknown {
  if (!(error instanceof Error) || error instanceof EntropyError || error.name === 'AbortError') return error;
  // What a source of bytes throws is its own.
  const isOfAws = '$metadata' in error || error.name === 'CredentialsProviderError' || error.name === 'TimeoutError';
  const isOfNetwork = 'code' in error && typeof error.code === 'string' && /^E[A-Z_]+$/.test(error.code);
  if (!isOfAws && !isOfNetwork) return error;
  const failure: AwsFailure = { name: error.name, message: error.message, status: statusOf(error), cause: error };
  return awsFault(failure, { action, resource });
}
