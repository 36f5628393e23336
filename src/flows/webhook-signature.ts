import { createHmac, timingSafeEqual } from 'node:crypto';

const form = /^sha256=([0-9a-f]{64})$/;

/**
 * Whether GitHub signed these very bytes with one of the secrets (`X-Hub-Signature-256`,
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). The older `X-Hub-Signature` is SHA-1 and
 * never counts. The time it takes tells nothing of how much was right, nor which secret it was.
 */
export function isSigned(secrets: readonly string[], body: Uint8Array, signature: string | undefined): boolean {
  const shown = form.exec(signature ?? '')?.[1];
  if (shown === undefined) return false;
  const digest = Buffer.from(shown, 'hex');
  const right = secrets.map((secret) => timingSafeEqual(digest, createHmac('sha256', secret).update(body).digest()));
  return right.includes(true);
}
