import type { ZodType } from 'zod';
import { readGuardedJson } from '../domain/guarded-json.ts';
import { wireLimits } from '../wire/limits.ts';
import { notUnderstood, type ProblemDetails } from './problems.ts';

export type Read<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

export interface ReadLimits {
  readonly maxBytes: number;
  readonly deadlineMs: number;
}

/** The body's bytes, never more than allowed and never later than the deadline. */
export async function readBytes(request: Request, limits: ReadLimits): Promise<Read<Uint8Array>> {
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > limits.maxBytes) return { kind: 'problem', problem: tooLarge(limits.maxBytes) };
  if (request.headers.has('content-encoding')) return { kind: 'problem', problem: compressed };
  if (request.body === null) return { kind: 'read', value: new Uint8Array() };

  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const late = AbortSignal.timeout(limits.deadlineMs);
  const stop = (): void => void reader.cancel('the body took too long').catch(() => undefined);
  late.addEventListener('abort', stop, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late.aborted) return { kind: 'problem', problem: tooSlow };
      if (done) return { kind: 'read', value: Buffer.concat(chunks, size) };
      size += value.byteLength;
      if (size > limits.maxBytes) {
        stop();
        return { kind: 'problem', problem: tooLarge(limits.maxBytes) };
      }
      chunks.push(value);
    }
  } finally {
    late.removeEventListener('abort', stop);
  }
}

/** A JSON body as the schema knows it. What is too large, too deep or ambiguous is refused before it is parsed. */
export async function readJson(request: Request, schema: ZodType, limits: ReadLimits): Promise<Read<unknown>> {
  const [mediaType = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isJson = mediaType.trim() === 'application/json' && /^(?:charset="?utf-8"?)?$/.test(charset ?? '');
  if (!isJson) return { kind: 'problem', problem: wrongMediaType };
  const bytes = await readBytes(request, limits);
  return bytes.kind === 'problem' ? bytes : parseJson(bytes.value, schema);
}

export function parseJson(bytes: Uint8Array, schema: ZodType): Read<unknown> {
  const parsed = readJsonText(bytes);
  if (parsed.kind === 'problem') return parsed;
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return { kind: 'read', value: checked.data };
  const problems = placesOf(checked.error, (path) => `/${path.map(pointerPart).join('/')}`);
  return { kind: 'problem', problem: notUnderstood('the body is not what this endpoint takes', problems) };
}

export function readJsonText(bytes: Uint8Array): Read<unknown> {
  const read = readGuardedJson(bytes, wireLimits.bodyDepth);
  return read.kind === 'json'
    ? { kind: 'read', value: read.value }
    : { kind: 'problem', problem: notUnderstood(read.reason) };
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** The first places that are wrong; a hostile body has many. */
export function placesOf(error: Issues, at: (path: readonly PropertyKey[]) => string): ProblemDetails['problems'] {
  return error.issues
    .slice(0, 10)
    .map(({ path, message }) => ({ at: at(path).slice(0, 500), message: message.slice(0, 500) }));
}

function pointerPart(part: PropertyKey): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}

const wrongMediaType: ProblemDetails = {
  status: 415,
  code: 'E100',
  detail: 'the body must be JSON in UTF-8, and say so',
  fix: 'send content-type: application/json',
};

const compressed: ProblemDetails = {
  status: 415,
  code: 'E100',
  detail: 'compressed bodies are not taken',
  fix: 'send the body as it is, without content-encoding',
};

const tooSlow: ProblemDetails = {
  status: 408,
  code: 'E100',
  detail: 'the body did not come in time',
  fix: 'send it again, faster',
  retryable: true,
  headers: { connection: 'close' },
};

function tooLarge(maxBytes: number): ProblemDetails {
  return {
    status: 413,
    code: 'E100',
    detail: `the body is larger than ${maxBytes} bytes`,
    fix: 'send less at once',
    headers: { connection: 'close' },
  };
}
