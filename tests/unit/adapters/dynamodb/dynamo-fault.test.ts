import { describe, expect, it } from 'vitest';
import { dynamoFault, mayPass } from '../../../../src/adapters/dynamodb/dynamo-fault.ts';

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error('said so'), { name }, more);
}

describe('a fault of DynamoDB', () => {
  it.each([
    ['TransactionConflictException', {}],
    ['ProvisionedThroughputExceededException', {}],
    ['Error', { code: 'ECONNRESET' }],
    ['SomethingNew', { $metadata: { httpStatusCode: 503 } }],
  ])('%s may pass, and the caller may try again', (name, more) => {
    const error = named(name, more);
    expect(mayPass(error)).toBe(true);
    expect(dynamoFault(error, 'claims')).toMatchObject({ code: 'E710', retryable: true, cause: error });
  });

  it.each([
    ['ResourceNotFoundException', 'the name of the table'],
    ['AccessDeniedException', 'allow the role'],
    ['ExpiredTokenException', 'sign in again'],
    ['ValidationException', 'what AWS says'],
  ])('%s lasts, and the message says what to do', (name, fix) => {
    const error = named(name, { $metadata: { httpStatusCode: 400 } });
    expect(mayPass(error)).toBe(false);
    expect(dynamoFault(error, 'claims')).toMatchObject({
      code: 'E710',
      retryable: false,
      message: expect.stringContaining('claims'),
      fix: expect.stringContaining(fix),
    });
  });

  it('leaves a cancelled wait as it is', () => {
    const aborted = named('AbortError');
    expect(dynamoFault(aborted, 'claims')).toBe(aborted);
  });
});
