import { AwsV4Signer } from 'aws4fetch';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSigner, type UnsignedRequest } from '../../../../src/adapters/aws/sign-request.ts';

/** As a library that we did not write signs the same request. */
async function signedElsewhere({ address, headers, body, service, region, credentials, at }: UnsignedRequest) {
  const datetime = new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const request = { method: 'POST', url: `${address}/`, headers: { ...headers }, body };
  return new AwsV4Signer({ ...request, ...credentials, service, region, datetime }).authHeader();
}

const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);

describe('a request to AWS', () => {
  test('is signed as another signer does it, whatever is in it, day after day', async () => {
    const sign = createSigner();
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          address: fc.constantFrom('https://sqs.eu-central-1.amazonaws.com', 'http://127.0.0.1:4566'),
          headers: fc.record({
            'content-type': fc.constant('application/x-amz-json-1.0'),
            'x-amz-target': fc.stringMatching(/^[A-Za-z]{1,20}\.[A-Za-z]{1,20}$/),
          }),
          body: fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed()),
          service: fc.constantFrom('sqs', 'kms', 'secretsmanager'),
          region: fc.constantFrom('eu-central-1', 'us-gov-west-1'),
          credentials: fc.oneof(
            fc.record({ accessKeyId: word, secretAccessKey: word }),
            fc.record({ accessKeyId: word, secretAccessKey: word, sessionToken: word }),
          ),
          at: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
        }),
        async (request) => {
          expect(sign(request)['authorization']).toBe(await signedElsewhere(request));
          expect(sign(request)['authorization']).toBe(await signedElsewhere(request));
        },
      ),
      { numRuns: 200 },
    );
  });
});
