import { describeError, EntropyError } from '../../domain/error.ts';

/** What a request may fail with and succeed when it is sent once more: its own conflict, a limit, the network. */
const passing = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'InternalServerErrorException',
  'ServiceUnavailable',
  'TimeoutError',
  // The token is known with another body: an earlier attempt may have been applied. Every write says by its condition
  // whether it still may, so it is sent anew under a token of its own.
  'IdempotentParameterMismatchException',
]);

const connectionLost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const unreachable = 'code' in error && typeof error.code === 'string' && connectionLost.has(error.code);
  return passing.has(error.name) || unreachable || statusOf(error) >= 500;
}

/** Reasons of a cancelled transaction that say nothing of the items, only of the moment. */
export function reasonMayPass(code: string | undefined): boolean {
  return code === 'TransactionConflict' || code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded';
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

const fixes: ReadonlyMap<string, string> = new Map([
  ['ResourceNotFoundException', 'check the name of the table and the region; the stack creates the table'],
  ['AccessDeniedException', 'allow the role to read and write this table and its indexes'],
  ['UnrecognizedClientException', 'check the credentials: AWS does not know the access key'],
  ['ExpiredTokenException', 'sign in again: the credentials have expired'],
  ['CredentialsProviderError', 'give the process AWS credentials: a role, a profile or AWS_ACCESS_KEY_ID'],
]);

export function dynamoFault(error: unknown, tableName: string): unknown {
  if (!(error instanceof Error) || error instanceof EntropyError || error.name === 'AbortError') return error;
  const lasting = !mayPass(error);
  return new EntropyError({
    code: 'E710',
    message: `the table ${tableName} cannot be used: ${error.name}: ${describeError(error)}`,
    fix:
      fixes.get(error.name) ??
      (lasting
        ? 'read what AWS says in the message; nothing was half written'
        : 'try again; every write may be sent twice. If it stays so, look at the throttles and errors of the table'),
    cause: error,
    retryable: !lasting,
  });
}
