/** What W3C Trace Context (https://www.w3.org/TR/trace-context/) carries from one process to the next. */
export interface TraceContext {
  /** 32 hexadecimal digits: the whole of what one delivery set off. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the step that it comes from. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The trace that a delivery begins, by the SHA-256 of its `X-GitHub-Delivery` (64 hexadecimal digits): every attempt at one
 * delivery is in one trace, and whoever has the id from GitHub's page finds it.
 */
export function deliveryTraceparent(deliverySha256: string): string {
  return traceparentText({
    traceId: deliverySha256.slice(0, 32),
    spanId: deliverySha256.slice(32, 48),
    sampled: true,
  });
}

/** Undefined: it is none, and whoever got it begins a trace of its own. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(text) ?? [];
  const known = version === '00' && more === undefined;
  const later = version !== undefined && version !== '00' && version !== 'ff';
  const zero = /^0*$/.test(traceId) || /^0*$/.test(spanId);
  if ((!known && !later) || zero) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentText({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
