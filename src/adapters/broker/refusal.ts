import type { ServerResponse } from 'node:http';
import type { BudgetLimit } from '../../domain/budget.ts';
import type { ErrorCode } from '../../domain/error-catalogue.ts';

/** A request that the broker does not forward. */
export interface Refusal {
  readonly status: 400 | 401 | 402 | 403 | 404 | 413 | 425 | 500 | 502 | 504;
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
  readonly retryable?: boolean;
  readonly limit?: BudgetLimit;
}

/** A request that is not as this run's requests are. E307 is kept for what the budget does not cover. */
export function refusal(status: Refusal['status'], message: string, fix: string): Refusal {
  return { status, code: 'E300', message, fix };
}

/** Answers in the shape of the Messages API's own errors, with our code, so that any client shows the message. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, fix, retryable = false, limit } = refusal;
  const error = { type: 'entropy_refusal', message, code, fix, retryable, ...(limit === undefined ? {} : { limit }) };
  sendJson(response, { status, value: { type: 'error', error } });
}

export interface JsonAnswer {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendJson(response: ServerResponse, { status, value, headers = {} }: JsonAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(value);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
