import { readBounded } from './read-bounded.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  readonly data: unknown;
}

/** Far beyond a page of 500 tasks with long texts; ends an answer without end. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** One request and its whole answer. Redirects are answers: a key is never shown to a place that nobody named. */
export async function httpAttempt(
  send: typeof fetch,
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const answer = await send(url, { method, headers, ...(body !== undefined && { body }), redirect: 'manual', signal });
  const text = await readBounded(answer, maxAnswerBytes);
  return { status: answer.status, headers: answer.headers, text, data: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: whoever needs data says so, with the text.
    return undefined;
  }
}
