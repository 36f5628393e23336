import { EntropyError } from '../../domain/error.ts';
import type { ErrorCode } from '../../domain/error-catalogue.ts';
import { oneLine } from '../../domain/visible-text.ts';

/** How a request failed, in AWS's words. */
export interface AwsFailure {
  /** The name of the error, without namespace: `AccessDeniedException`. */
  readonly name: string;
  readonly message: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** What was asked for, as permissions name it. */
export interface AwsAction {
  /** `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN, address or name. */
  readonly resource: string;
}

const throttled = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'KMS.ThrottlingException',
  'KmsThrottled',
  'BandwidthLimitExceeded',
]);

/** Passes by itself, besides every answer from 500 on. */
const momentary = new Set([
  'DependencyTimeoutException',
  'InternalError',
  'InternalFailure',
  'InternalServiceError',
  'KMSInternalException',
  'KeyUnavailableException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);

const stale = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

const unaccepted = new Set([
  ...stale,
  'AuthFailure',
  'CredentialsProviderError',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSecurity',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'KMS.AccessDeniedException',
  'KmsAccessDenied',
  'UnauthorizedOperation',
]);

const missing = new Set([
  'AWS.SimpleQueueService.NonExistentQueue',
  'KMS.NotFoundException',
  'NoSuchBucket',
  'NotFoundException',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
]);

const skewed = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);

export type AwsFailureKind =
  | 'throttled'
  | 'momentary'
  | 'stale'
  | 'skewed'
  | 'unaccepted'
  | 'denied'
  | 'missing'
  | 'other';

export function failureKind({ name, message, status }: AwsFailure): AwsFailureKind {
  // The JSON services have no name of their own for it: the date of the signature is too old, or not yet current.
  const signatureDate = /signature (?:expired|not yet current)/i.test(message);
  if (skewed.has(name) || (unaccepted.has(name) && signatureDate)) return 'skewed';
  if (throttled.has(name) || status === 429) return 'throttled';
  if (stale.has(name)) return 'stale';
  if (unaccepted.has(name)) return 'unaccepted';
  if (denied.has(name)) return 'denied';
  if (missing.has(name)) return 'missing';
  return status === 0 || status >= 500 || momentary.has(name) ? 'momentary' : 'other';
}

/** The failure as our own error: which permission is missing, which name is wrong, what to do. */
export function awsFault(failure: AwsFailure, asked: AwsAction): EntropyError {
  const kind = failureKind(failure);
  const { code, said, fix } = words(kind, failure, asked);
  return new EntropyError({
    code,
    message: `${asked.action} on ${asked.resource}: ${said}`,
    fix,
    why: inTheirWords(failure),
    cause: failure.cause ?? refusal(failure),
    retryable: kind === 'throttled' || kind === 'momentary',
  });
}

/** AWS's own name for why it refused (`MessageNotInflight`); undefined when this is no refusal of AWS. */
export function refusalName(error: unknown): string | undefined {
  return error instanceof EntropyError && error.cause instanceof Error ? error.cause.name : undefined;
}

function refusal(failure: AwsFailure): Error {
  const error = new Error(inTheirWords(failure));
  error.name = failure.name;
  return error;
}

function inTheirWords({ name, message, requestId }: AwsFailure): string {
  const told = message === '' ? name : `${name}: ${oneLine(message, 400)}`;
  return requestId === undefined ? told : `${told} · request ${requestId}`;
}

interface Words {
  readonly code: ErrorCode;
  readonly said: string;
  readonly fix: string;
}

function words(kind: AwsFailureKind, failure: AwsFailure, asked: AwsAction): Words {
  switch (kind) {
    case 'throttled':
      return {
        code: 'E744',
        said: 'AWS limits the rate of requests',
        fix: 'wait a minute and try again; if it stays so, look at the throttles of the service in CloudWatch and its quotas',
      };
    case 'momentary':
      return failure.status === 0
        ? {
            code: 'E743',
            said: 'AWS could not be reached',
            fix: 'check the network and the region, then try again; repeating the request is safe',
          }
        : {
            code: 'E740',
            said: `AWS failed with ${failure.status}`,
            fix: 'try again in a minute; https://health.aws.amazon.com/health/status tells of larger trouble',
          };
    case 'stale':
      return {
        code: 'E741',
        said: 'the credentials have expired',
        fix: 'sign in again (aws sso login, or a new session)',
      };
    case 'unaccepted':
      return {
        code: 'E741',
        said: 'AWS did not accept the credentials',
        fix: 'give the process credentials of this account: a role, a profile (AWS_PROFILE) or AWS_ACCESS_KEY_ID with its secret',
      };
    case 'skewed':
      return {
        code: 'E745',
        said: 'the clock of this machine is too far from that of AWS',
        fix: 'set the clock (timedatectl set-ntp true); signatures are good for five minutes',
      };
    case 'denied': {
      // The call may need a second permission, such as that of the key behind a queue: AWS names the one that was missing.
      const named = /not authorized to perform: ([A-Za-z0-9-]{1,40}:[A-Za-z0-9]{1,60})/.exec(failure.message)?.[1];
      return {
        code: 'E742',
        said: `the role may not do this: ${named ?? asked.action} is missing`,
        fix: `allow ${named ?? asked.action} on ${asked.resource} in the policy of the role that calls`,
      };
    }
    case 'missing':
      return {
        code: 'E746',
        said: 'AWS knows no such thing',
        fix: 'check the name, the region and the account; entropy-playground deploy makes what the stack needs',
      };
    case 'other':
      return {
        code: 'E740',
        said: `AWS refused the request with ${failure.status}`,
        fix: 'read what AWS says in the line above',
      };
    default:
      return kind satisfies never;
  }
}
