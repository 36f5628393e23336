import { describeError, EntropyError } from '../../domain/error.ts';
import { type ErrorCode, isErrorCode } from '../../domain/error-catalogue.ts';
import { oneLine } from '../../domain/visible-text.ts';
import { type Problem, problem as problemSchema } from '../../wire/problem.ts';
import type { HttpAnswer } from './http-attempt.ts';

/** What was asked for, as messages name it: `POST /v1/claims/acquire at https://…`. */
export interface AskedFor {
  readonly label: string;
  readonly url: string;
}

/** RFC 9457; undefined when something answered that is no coordinator. */
export function readProblem(answer: HttpAnswer): Problem | undefined {
  const read = problemSchema.safeParse(answer.data);
  return read.success ? read.data : undefined;
}

/** An answer that is none of those that the caller expects. The words of a problem are the coordinator's own. */
export function answerError(answer: HttpAnswer, asked: AskedFor): EntropyError {
  const problem = readProblem(answer);
  const { status } = answer;
  const seen = problem === undefined ? `${status}${excerpt(answer)}` : `${status}: ${problem.detail}`;
  const details = (problem?.problems ?? []).map(({ at, message }) => `${at}: ${message}`).join('; ');
  const why = [details, problem?.instance === undefined ? '' : `request ${problem.instance}`]
    .filter(Boolean)
    .join(' · ');
  return new EntropyError({
    code: codeOf(status, problem),
    message: `${asked.label}: the coordinator answered ${seen}`,
    fix: problem?.fix ?? fixOf(status, asked),
    ...(why !== '' && { why }),
    retryable: problem?.retryable ?? status >= 500,
  });
}

export function unreachable(cause: unknown, { label, url }: AskedFor): EntropyError {
  return new EntropyError({
    code: 'E723',
    message: `${label}: the coordinator at ${url} could not be reached`,
    why: describeError(cause),
    fix: `check the address and your network: curl ${url}/healthz   (repeating the command is safe)`,
    cause,
    retryable: true,
  });
}

export function unexpectedAnswer(what: string, { label, url }: AskedFor, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E720',
    message: `${label}: the answer ${what}`,
    fix: `check that ${url} is the address of a coordinator, and not of a page in front of it: curl ${url}/healthz`,
    ...(cause !== undefined && { cause }),
  });
}

/** The coordinator's own code when it is one of ours and agrees with the status; 401 and 403 are always about the caller. */
function codeOf(status: number, problem: Problem | undefined): ErrorCode {
  if (status === 401) return 'E721';
  if (status === 403) return 'E722';
  if (status === 429) return 'E724';
  const code = problem?.code ?? '';
  if (isErrorCode(code)) return code;
  return status === 404 ? 'E726' : 'E720';
}

function fixOf(status: number, { url }: AskedFor): string {
  if (status === 401)
    return 'set ENTROPY_COORDINATOR_KEY to a key of this coordinator (entropy-playground keys create)';
  if (status === 403) return 'use a key with a larger role, or one that is good for this repository';
  if (status === 429) return 'wait a minute and try again';
  return `check that ${url} is the address of a coordinator: curl ${url}/healthz`;
}

function excerpt({ text }: HttpAnswer): string {
  const line = oneLine(text.slice(0, 2_000), 120);
  return line === '' ? '' : `, which is no answer of a coordinator: ${line}`;
}
