import { createHash } from 'node:crypto';
import { EntropyError } from '../../domain/error.ts';
import { isSigned } from '../../flows/webhook-signature.ts';
import { githubWebhook } from '../../wire/endpoints/service.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { AppParts } from '../app-options.ts';
import { notUnderstood, type ProblemDetails, unauthorized, unavailable } from '../problems.ts';
import { readBytes, readJsonText } from '../read-body.ts';
import { answer, type OpenRoute, openRoute, type Reply } from '../route.ts';

type WebhookReply = Reply<typeof githubWebhook>;

/** GitHub itself offers a delivery anew for three days. */
const keepMs = 7 * wireLimits.idempotencyKeepMs;

/**
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries: the signature is over the bytes as they
 * came, so they are parsed only after it. The hash of those bytes is a primary key, for the delivery's id and event are
 * not signed: a redelivery of what was dealt with does nothing, whatever it calls itself; one of what failed tries again.
 */
export function webhookRoute({ github, access, clock, limits }: AppParts): OpenRoute {
  const secrets = github?.webhookSecrets ?? [];
  const deliver = github?.deliver;

  return openRoute(githubWebhook, async ({ request }): Promise<WebhookReply> => {
    if (deliver === undefined || secrets.length === 0) return problem(notSetUp);
    const bytes = await readBytes(request, { maxBytes: limits.webhookBytes, deadlineMs: limits.bodyMs });
    if (bytes.kind === 'problem') return bytes;
    const signature = request.headers.get('x-hub-signature-256') ?? undefined;
    if (!isSigned(secrets, bytes.value, signature)) return problem(wrongSignature);

    const event = request.headers.get('x-github-event') ?? '';
    const delivery = request.headers.get('x-github-delivery') ?? '';
    const isNamed = /^[a-z_]{1,100}$/.test(event) && /^[!-~]{1,100}$/.test(delivery);
    if (!isNamed) return problem(notUnderstood('X-GitHub-Event or X-GitHub-Delivery is missing'));
    const payload = readJsonText(bytes.value);
    if (payload.kind === 'problem') return payload;

    const now = clock.now();
    const begun = await access.idempotency.begin({
      caller: 'webhook/github',
      key: createHash('sha256').update(bytes.value).digest('hex'),
      fingerprint: 'delivery',
      now,
      lockedUntil: now + 2 * limits.requestMs,
      keepUntil: now + keepMs,
    });
    if (begun.kind === 'in-progress') return problem(unavailable('this delivery is being dealt with'));
    if (begun.kind !== 'new') return answer({ kind: 'duplicate' });
    try {
      const kind = await deliver({ event, payload: payload.value }, AbortSignal.timeout(limits.requestMs));
      await access.idempotency.finish(begun.token, { status: 200, contentType: 'application/json', body: kind });
      return answer({ kind });
    } catch (error) {
      await access.idempotency.forget(begun.token);
      const isMalformed = error instanceof EntropyError && error.code === 'E103';
      if (isMalformed) return problem(notUnderstood(`the payload is none of the event ${event}`));
      throw error;
    }
  });
}

function problem(details: ProblemDetails): { readonly kind: 'problem'; readonly problem: ProblemDetails } {
  return { kind: 'problem', problem: details };
}

const wrongSignature = unauthorized(
  'the signature of the delivery is missing or wrong',
  'give GitHub and the coordinator the same secret (ENTROPY_WEBHOOK_SECRET), and redeliver',
);

const notSetUp = unauthorized(
  'this coordinator has no secret for webhooks, so it believes no delivery',
  'start it with ENTROPY_WEBHOOK_SECRET set, and register the webhook with the same secret',
);
