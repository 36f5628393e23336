import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Named things of the SDK, loaded with the first request: nobody waits for them who does not ask this store. */
export type Sdk = typeof import('@aws-sdk/client-dynamodb');

export interface DynamoCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface DynamoConnectionOptions {
  /** Absent: as the SDK finds it. */
  readonly region?: string;
  /** DynamoDB Local or moto; absent: AWS itself. */
  readonly endpoint?: string;
  /** Absent: the SDK's own chain (the role of the function or machine, then the environment, then the profile). */
  readonly credentials?: DynamoCredentials | (() => Promise<DynamoCredentials>);
  /** For stand-ins that are slower than DynamoDB. */
  readonly requestTimeoutMs?: number;
  /** Told of every request that goes out (`UpdateItem`), those sent again too: what a measurement counts. */
  readonly onRequest?: (operation: string) => void;
}

export interface DynamoConnection extends Disposable {
  open(): Promise<{ readonly sdk: Sdk; readonly client: DynamoDBClient }>;
}

/**
 * An answer of DynamoDB takes single milliseconds, so what has not come after two seconds is lost: asking again is faster
 * than waiting, and every write here may be sent twice. Connections are kept, since a TLS handshake costs more than a write.
 */
const connectionTimeoutMs = 1_000;
const usualRequestTimeoutMs = 2_000;
const maxAttempts = 3;
const maxSockets = 128;

export function createDynamoConnection(options: DynamoConnectionOptions): DynamoConnection {
  let opened: ReturnType<typeof connect> | undefined;
  let made: DynamoDBClient | undefined;

  async function connect() {
    const sdk = await import('@aws-sdk/client-dynamodb');
    const { region, endpoint, credentials, onRequest, requestTimeoutMs = usualRequestTimeoutMs } = options;
    const agent = { keepAlive: true, maxSockets };
    const client = new sdk.DynamoDBClient({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      maxAttempts,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: requestTimeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: agent,
        httpsAgent: agent,
      },
    });
    if (onRequest !== undefined) {
      // Behind the retries, so that each attempt is one.
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            onRequest((commandName ?? 'unknown').replace(/Command$/, ''));
            return next(args);
          },
        { step: 'deserialize', priority: 'low', name: 'onRequest' },
      );
    }
    made = client;
    return { sdk, client };
  }

  return {
    open: () => {
      opened ??= connect();
      return opened;
    },
    [Symbol.dispose]: () => made?.destroy(),
  };
}
