import { createHmac } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { WebhookEvent } from '../../../src/runtime/aws/webhook-function.ts';

export const webhookSecret = 'the secret of this stack, 32 long';

export interface RequestOptions {
  readonly secret?: string;
  readonly delivery?: string;
  readonly event?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly base64?: boolean;
}

export function signature(body: string | Uint8Array, secret = webhookSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** What the HTTP API hands to the function for a delivery of GitHub's. */
export function signedRequest(body: string | Uint8Array, options: RequestOptions = {}): WebhookEvent {
  const { secret, delivery = '72d3162e-cc78-11e3-81ab-4c9367dc0958', event = 'issues' } = options;
  const { contentType = 'application/json', base64 = typeof body !== 'string' } = options;
  const headers = {
    'content-type': contentType,
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': delivery,
    'x-github-event': event,
    'x-hub-signature-256': signature(body, secret),
    ...options.headers,
  };
  return {
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    body: base64 ? Buffer.from(body).toString('base64') : Buffer.from(body).toString('utf8'),
    isBase64Encoded: base64,
  };
}

export function jsonOf(answer: APIGatewayProxyStructuredResultV2): { readonly [name: string]: unknown } {
  return JSON.parse(answer.body ?? '{}');
}
