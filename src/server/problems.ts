import { type ErrorCode, errorCatalogue } from '../domain/error-catalogue.ts';
import { type Problem, problemMediaType, problemType } from '../wire/problem.ts';

/** What is wrong, before the request's id is known; `headers` such as `Retry-After` go with it. */
export interface ProblemDetails
  extends Pick<Problem, 'status' | 'detail' | 'fix' | 'problems' | 'refusal' | 'retryable'> {
  readonly code: ErrorCode;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problemBody({ headers: _headers, ...details }: ProblemDetails, requestId: string): Problem {
  const { code } = details;
  return { type: problemType(code), title: errorCatalogue[code].title, ...details, instance: requestId };
}

export function problemResponse(details: ProblemDetails, requestId: string): Response {
  return new Response(JSON.stringify(problemBody(details, requestId)), {
    status: details.status,
    headers: { ...details.headers, 'content-type': problemMediaType },
  });
}

/** 400: the request itself is wrong, wherever it is asked. */
export function notUnderstood(detail: string, problems?: ProblemDetails['problems']): ProblemDetails {
  return {
    status: 400,
    code: 'E100',
    detail,
    fix: 'correct what is named; /openapi.json and /docs describe every request',
    ...(problems && { problems }),
  };
}

export function unauthorized(detail: string, fix: string): ProblemDetails {
  return {
    status: 401,
    code: 'E721',
    detail,
    fix,
    headers: { 'www-authenticate': 'Bearer realm="entropy-playground"' },
  };
}

export function forbidden(detail: string, fix: string): ProblemDetails {
  return { status: 403, code: 'E722', detail, fix };
}

export function tooManyRequests(retryAfterMs: number): ProblemDetails {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return {
    status: 429,
    code: 'E724',
    detail: `more requests than this caller may send; the next one counts in ${seconds} s`,
    fix: 'wait as long as Retry-After says; give programs that run side by side keys of their own',
    retryable: true,
    headers: { 'retry-after': String(seconds) },
  };
}

export function unavailable(detail: string): ProblemDetails {
  return {
    status: 503,
    code: 'E720',
    detail,
    fix: 'try again in a few seconds; an Idempotency-Key makes it safe',
    retryable: true,
    headers: { 'retry-after': '2' },
  };
}

/** A fault: what it was stays in our log, under the id. */
export function internalFault(): ProblemDetails {
  return {
    status: 500,
    code: 'E720',
    detail: 'the coordinator failed at this request',
    fix: 'whoever runs it finds the cause in its log under the id in `instance`',
  };
}
