import * as z from 'zod';
import { text } from './text.ts';

export const problemMediaType = 'application/problem+json';

/** The page that explains all codes; a problem's `type` is its place in it. */
const errorsPage = 'https://github.com/entropy-playground/entropy-playground/blob/main/docs/errors.md';

/** RFC 9457, with what a person can do (`fix`), our code, and the port's own words for an expected refusal. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fix: string;
  /** The request's id, as the access log knows it. */
  readonly instance?: string;
  /** The very same request may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** Every place of the request that is wrong, as a JSON pointer or the name of a parameter. */
  readonly problems?: readonly { readonly at: string; readonly message: string }[];
  /** The union of the port, for an expected refusal. */
  readonly refusal?: unknown;
}

export const problemShape = {
  type: text(500),
  title: text(300),
  status: z.number().int().min(400).max(599),
  detail: text(10_000),
  code: text(20),
  fix: text(5_000),
  instance: text(300).exactOptional(),
  retryable: z.boolean().exactOptional(),
  problems: z.array(z.strictObject({ at: text(500), message: text(2_000) })).exactOptional(),
};

/** As a client reads any problem; `refusal` is read once more with the endpoint's own schema. */
export const problem = z.object({ ...problemShape, refusal: z.unknown().exactOptional() }) satisfies z.ZodType<Problem>;

export function problemType(code: string): string {
  return `${errorsPage}#${code.toLowerCase()}`;
}
