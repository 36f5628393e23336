import { createHmac, hash } from 'node:crypto';
import type { AwsCredentials } from './aws-access.ts';

export interface UnsignedRequest {
  /** `https://sqs.eu-central-1.amazonaws.com`: a POST to its root, without a query. */
  readonly address: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** Milliseconds since 1970, by AWS's clock. */
  readonly at: number;
}

export type SignRequest = (request: UnsignedRequest) => Readonly<Record<string, string>>;

/**
 * The headers of a request with Signature Version 4 of AWS (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
 * Computed at once: the web's own cryptography hands each of the eight steps to another thread and waits, which a function
 * that answers in a millisecond notices. A key is made anew for another day or other credentials.
 */
export function createSigner(): SignRequest {
  let known: { readonly of: string; readonly key: Buffer } | undefined;

  return ({ address, headers, body, service, region, credentials, at }) => {
    const date = new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '');
    const day = date.slice(0, 8);
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const dated = {
      ...headers,
      'x-amz-date': date,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    // What stands between us and AWS may write the type of the content anew.
    const signed = Object.entries({ ...dated, host: new URL(address).host })
      .filter(([name]) => name !== 'content-type')
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const lines = signed.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}`);
    const canonical = ['POST', '/', '', ...lines, '', names, hash('sha256', body)].join('\n');

    const scope = `${day}/${region}/${service}/aws4_request`;
    const of = `${scope} ${secretAccessKey}`;
    if (known?.of !== of) known = { of, key: keyOf(secretAccessKey, [day, region, service, 'aws4_request']) };
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = createHmac('sha256', known.key).update(text).digest('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...dated, authorization };
  };
}

function keyOf(secret: string, parts: readonly string[]): Buffer {
  return parts.reduce((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}
