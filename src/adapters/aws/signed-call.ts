import { EntropyError } from '../../domain/error.ts';
import { type AwsAccess, type AwsServiceName, endpointOf } from './aws-access.ts';
import { type AwsAction, type AwsFailure, awsFault, failureKind } from './aws-fault.ts';
import { createSigner } from './sign-request.ts';

/** A service with a JSON protocol: one POST per operation, which `x-amz-target` names. */
export interface JsonService {
  readonly name: Exclude<AwsServiceName, 's3' | 'sts' | 'cloudformation'>;
  /** `1.0` or `1.1`, told in the content type. */
  readonly jsonVersion: '1.0' | '1.1';
  /** What stands before the operation in `x-amz-target`. */
  readonly target: string;
}

export const sqsService: JsonService = { name: 'sqs', jsonVersion: '1.0', target: 'AmazonSQS' };
export const kmsService: JsonService = { name: 'kms', jsonVersion: '1.1', target: 'TrentService' };
export const secretsService: JsonService = { name: 'secretsmanager', jsonVersion: '1.1', target: 'secretsmanager' };
export const ssmService: JsonService = { name: 'ssm', jsonVersion: '1.1', target: 'AmazonSSM' };

export interface CallOptions {
  /** What the operation is about, for messages: an ARN, address or name. */
  readonly resource: string;
  readonly signal?: AbortSignal;
  /** For one attempt, its answer included. */
  readonly attemptMs?: number;
  /** For all attempts and pauses together. */
  readonly deadlineMs?: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * One operation, sent again with growing random pauses while that can help (throttles, 5xx, a lost connection), and its
 * answer. What may be sent twice is the caller's to see to. Throws E740 to E746; an abort throws the signal's reason.
 */
export type SignedCall = (operation: string, input: JsonObject, options: CallOptions) => Promise<JsonObject>;

const usualAttemptMs = 5_000;
const usualDeadlineMs = 15_000;
const maxAttempts = 6;
const firstPauseMs = 50;
const longestPauseMs = 3_000;
/** Beyond it AWS refuses a signature for its date. */
const skewWorthCorrectingMs = 60_000;

/** How operations of a service are written into a request, and its answers read. */
export interface AwsProtocol<Input, Answer> {
  readonly service: AwsServiceName;
  readonly write: (
    operation: string,
    input: Input,
  ) => { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly read: (answer: Response, text: string) => { readonly answer: Answer } | { readonly failure: AwsFailure };
}

type Attempt<Answer> = { readonly answer: Answer } | { readonly failure: AwsFailure; readonly date: string | null };

export function createSignedCall(access: AwsAccess, service: JsonService, address?: string): SignedCall {
  return createProtocolCall(access, jsonProtocol(service), address);
}

/** The same for a service of any protocol. */
export function createProtocolCall<Input, Answer>(
  access: AwsAccess,
  { service, write, read }: AwsProtocol<Input, Answer>,
  address = endpointOf(access, service),
): (operation: string, input: Input, options: CallOptions) => Promise<Answer> {
  const { clock, random = Math.random } = access;
  const sign = createSigner();
  /** How far AWS's clock is ahead of ours, as its last refusal for that said. */
  let skewMs = 0;

  async function attempt(request: ReturnType<typeof write>, signal: AbortSignal): Promise<Attempt<Answer>> {
    const { body } = request;
    const credentials = await access.credentials();
    const { region } = access;
    const at = clock.now() + skewMs;
    const headers = sign({ ...request, address, service, region, credentials, at });
    const send = access.fetch ?? globalThis.fetch;
    const answer = await send(`${address}/`, { method: 'POST', headers, body, redirect: 'manual', signal });
    const told = read(answer, await answer.text());
    return 'answer' in told ? told : { ...told, date: answer.headers.get('date') };
  }

  return async (operation, input, options) => {
    const { signal, resource, attemptMs = usualAttemptMs } = options;
    // The batch of an operation needs the permission of the operation.
    const asked: AwsAction = { action: `${service}:${operation.replace(/Batch$/, '')}`, resource };
    const request = write(operation, input);
    const until = clock.monotonic() + (options.deadlineMs ?? usualDeadlineMs);
    let corrected = false;
    for (let attempts = 1; ; attempts += 1) {
      signal?.throwIfAborted();
      const left = Math.max(1, Math.ceil(Math.min(attemptMs, until - clock.monotonic())));
      const limit = AbortSignal.timeout(left);
      const tried = await attempt(request, signal === undefined ? limit : AbortSignal.any([signal, limit])).catch(
        (error: unknown) => {
          signal?.throwIfAborted();
          if (error instanceof EntropyError) throw error;
          return { failure: unreachable(error), date: null };
        },
      );
      if ('answer' in tried) return tried.answer;
      const kind = failureKind(tried.failure);
      const ahead = tried.date === null ? Number.NaN : Date.parse(tried.date) - clock.now();
      const mayCorrect = kind === 'skewed' && !corrected && Math.abs(ahead - skewMs) >= skewWorthCorrectingMs;
      if (mayCorrect) {
        corrected = true;
        skewMs = ahead;
        continue;
      }
      const mayPass = kind === 'throttled' || kind === 'momentary';
      const pause = random() * Math.min(longestPauseMs, firstPauseMs * 4 ** (attempts - 1));
      if (!mayPass || attempts >= maxAttempts || clock.monotonic() + pause >= until) {
        throw awsFault(tried.failure, asked);
      }
      await clock.sleep(pause, signal);
    }
  };
}

function jsonProtocol({ name, jsonVersion, target }: JsonService): AwsProtocol<JsonObject, JsonObject> {
  return {
    service: name,
    write: (operation, input) => ({
      headers: { 'content-type': `application/x-amz-json-${jsonVersion}`, 'x-amz-target': `${target}.${operation}` },
      body: JSON.stringify(input),
    }),
    read: (answer, text) => {
      const data = jsonObject(text);
      return answer.ok && data !== undefined ? { answer: data } : { failure: readFailure(answer, data, text) };
    },
  };
}

function readFailure(answer: Response, data: JsonObject | undefined, text: string): AwsFailure {
  const requestId = answer.headers.get('x-amzn-requestid');
  const type = answer.headers.get('x-amzn-errortype') ?? data?.['__type'] ?? data?.['code'];
  const said = data?.['message'] ?? data?.['Message'];
  return {
    // `com.amazonaws.sqs#QueueDoesNotExist`, `ThrottlingException:http://internal.amazon.com/…`
    name: typeof type === 'string' ? (type.split(':')[0]?.split('#').at(-1) ?? type) : `HTTP ${answer.status}`,
    message: typeof said === 'string' ? said : data === undefined ? text.slice(0, 2_000) : '',
    status: answer.status,
    ...(requestId !== null && { requestId }),
  };
}

function unreachable(cause: unknown): AwsFailure {
  const told = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : '';
  return { name: cause instanceof Error ? cause.name : 'Unreachable', message: told, status: 0, cause };
}

/** An operation with nothing to say answers with an empty body. */
function jsonObject(text: string): JsonObject | undefined {
  if (text === '') return {};
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : undefined;
  } catch {
    // No JSON: the text itself is told.
    return undefined;
  }
}
