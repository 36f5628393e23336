import { openWebhookFunction } from '../../src/runtime/aws/webhook-function.ts';

/** GitHub's deliveries: verified, cut, queued (docs/webhook.md). */
export const handler = openWebhookFunction();
