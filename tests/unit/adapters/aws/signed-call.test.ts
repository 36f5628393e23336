import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import type { AwsAccess } from '../../../../src/adapters/aws/aws-access.ts';
import { refusalName } from '../../../../src/adapters/aws/aws-fault.ts';
import { createSignedCall, kmsService, sqsService } from '../../../../src/adapters/aws/signed-call.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { cut, type HttpStep, json, type ScriptedHttp, scriptedHttp } from '../../../fakes/scripted-http.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

const options = { resource: 'https://queue' };

/** A clock that stands still until somebody sleeps, and then has slept. */
function skippingClock(): Clock & { readonly slept: number[] } {
  const clock = simulatedClock();
  const slept: number[] = [];
  return {
    ...clock,
    slept,
    sleep: async (ms) => {
      slept.push(ms);
      clock.advance(ms);
    },
  };
}

function accessTo(server: ScriptedHttp, more: Partial<AwsAccess> = {}): AwsAccess {
  return {
    region: 'eu-central-1',
    credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'hidden' }),
    clock: skippingClock(),
    endpoints: { sqs: server.url, kms: server.url },
    random: () => 1,
    ...more,
  };
}

const refusal = (status: number, type: string, message = 'said', headers: Record<string, string> = {}): HttpStep =>
  json(status, { __type: `com.amazonaws#${type}`, message }, { 'x-amzn-requestid': 'r-1', ...headers });

async function failureOf(promise: Promise<unknown>): Promise<EntropyError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EntropyError) return error;
  throw new Error(`no EntropyError: ${String(error)}`);
}

describe('a signed call', () => {
  it('sends the operation with a signature over what was sent, the session token included', async () => {
    await using server = await scriptedHttp([json(200, { MessageId: 'm' })]);
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'hidden', sessionToken: 'session' };
    const access = accessTo(server, { credentials: async () => credentials });
    const answer = await createSignedCall(access, sqsService)('SendMessage', { MessageBody: 'é' }, options);
    expect(answer).toEqual({ MessageId: 'm' });
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/',
      body: '{"MessageBody":"é"}',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
        'x-amz-security-token': 'session',
        'x-amz-date': '20261102T120000Z',
      },
    });
    const again = new AwsV4Signer({
      method: 'POST',
      url: `${server.url}/`,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: '{"MessageBody":"é"}',
      ...credentials,
      service: 'sqs',
      region: 'eu-central-1',
      datetime: '20261102T120000Z',
    });
    expect(seen?.headers.authorization).toBe(await again.authHeader());
  });

  it('takes credentials anew for each attempt, so that renewed ones count at once', async () => {
    await using server = await scriptedHttp([refusal(503, 'ServiceUnavailable'), json(200, {})]);
    let number = 0;
    const credentials = async () => {
      number += 1;
      return { accessKeyId: `AKIA${number}`, secretAccessKey: 'hidden' };
    };
    await createSignedCall(accessTo(server, { credentials }), kmsService)('Sign', {}, options);
    expect(server.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'AKIA1',
      'AKIA2',
    ]);
  });

  it('asks again after throttles, faults of AWS and lost connections, with growing pauses', async () => {
    const clock = skippingClock();
    const steps = [refusal(400, 'RequestThrottled'), refusal(500, 'InternalFailure'), cut, json(200, { done: true })];
    await using server = await scriptedHttp(steps);
    const answer = await createSignedCall(accessTo(server, { clock }), sqsService)('SendMessage', {}, options);
    expect(answer).toEqual({ done: true });
    expect(clock.slept).toEqual([50, 200, 800]);
  });

  it('gives up within its deadline, and says that trying again may help', async () => {
    const throttle = refusal(400, 'ThrottlingException', 'Rate exceeded');
    await using server = await scriptedHttp([throttle, throttle, throttle]);
    const call = createSignedCall(accessTo(server), sqsService);
    const error = await failureOf(call('SendMessage', {}, { ...options, deadlineMs: 600 }));
    expect(error).toMatchObject({
      code: 'E744',
      retryable: true,
      why: 'ThrottlingException: Rate exceeded · request r-1',
    });
    expect(server.seen).toHaveLength(3);
  });

  it.each([
    ['AccessDeniedException', 400, 'said', 'E742'],
    ['UnrecognizedClientException', 400, 'said', 'E741'],
    ['ExpiredTokenException', 400, 'said', 'E741'],
    ['QueueDoesNotExist', 400, 'said', 'E746'],
    ['InvalidMessageContents', 400, 'said', 'E740'],
    ['SomethingNew', 418, 'said', 'E740'],
  ])('tells %s as it is and does not ask again', async (type, status, message, code) => {
    await using server = await scriptedHttp([refusal(status, type, message)]);
    const error = await failureOf(createSignedCall(accessTo(server), sqsService)('SendMessage', {}, options));
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toContain('sqs:SendMessage on https://queue');
    expect(refusalName(error)).toBe(type);
  });

  it('names the permission that is missing, as AWS tells it or as the operation needs it', async () => {
    const told = 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: kms:GenerateDataKey on resource: k';
    await using server = await scriptedHttp([
      refusal(403, 'AccessDeniedException', told),
      refusal(403, 'AccessDeniedException', ''),
    ]);
    const call = createSignedCall(accessTo(server), sqsService);
    expect((await failureOf(call('SendMessage', {}, options))).fix).toContain('allow kms:GenerateDataKey on');
    expect((await failureOf(call('DeleteMessageBatch', {}, options))).fix).toContain('allow sqs:DeleteMessage on');
  });

  it('corrects a clock that is off by what AWS tells, once', async () => {
    const date = new Date(Date.UTC(2026, 10, 2, 13, 0, 0)).toUTCString();
    const late = refusal(400, 'InvalidSignatureException', 'Signature expired: 2026 is now earlier', { date });
    await using server = await scriptedHttp([late, json(200, {}), json(200, {}), late]);
    const call = createSignedCall(accessTo(server), sqsService);
    await call('SendMessage', {}, options);
    await call('SendMessage', {}, options);
    expect(server.seen.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20261102T120000Z',
      '20261102T130000Z',
      '20261102T130000Z',
    ]);
    expect(await failureOf(call('SendMessage', {}, options))).toMatchObject({ code: 'E745', retryable: false });
  });

  it('ends with the reason of its caller, also between two attempts', async () => {
    await using server = await scriptedHttp([refusal(500, 'InternalFailure')]);
    const caller = new AbortController();
    const clock: Clock = {
      ...simulatedClock(),
      sleep: async (_, signal) => {
        caller.abort(new Error('enough'));
        signal?.throwIfAborted();
      },
    };
    const call = createSignedCall(accessTo(server, { clock }), sqsService);
    await expect(call('SendMessage', {}, { ...options, signal: caller.signal })).rejects.toThrow('enough');
    expect(server.seen).toHaveLength(1);
  });

  it('says that nothing answers, when nothing does', async () => {
    const gone = await scriptedHttp([]);
    await gone[Symbol.asyncDispose]();
    const error = await failureOf(createSignedCall(accessTo(gone), sqsService)('SendMessage', {}, options));
    expect(error).toMatchObject({ code: 'E743', retryable: true });
  });

  it('follows no redirect, and shows no secret', async () => {
    const step: HttpStep = (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
    await using server = await scriptedHttp([step]);
    const error = await failureOf(createSignedCall(accessTo(server), sqsService)('SendMessage', {}, options));
    expect(error.code).toBe('E740');
    const everything = `${error.message} ${error.fix} ${error.why} ${error.stack} ${String(error.cause)}`;
    expect(everything).not.toContain('hidden');
  });
});
