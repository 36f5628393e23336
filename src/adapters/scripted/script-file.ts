import { readFile } from 'node:fs/promises';
import { EntropyError } from '../../domain/error.ts';
import type { Script } from './script-schema.ts';

/** Reads and checks a script. Throws E102 when it cannot be read, E305 with every problem and its place otherwise. */
export async function readScript(path: string): Promise<Script> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E102',
      message: `cannot read the script ${path}`,
      fix: 'name a YAML or JSON file after scripted:, relative to where the program is started',
      cause,
    });
  });
  return parseScript(bytes, path);
}

export async function parseScript(bytes: Uint8Array, name: string): Promise<Script> {
  const value = await decode(bytes, name);
  // Loaded here, not above: most runs have no script.
  const { scriptSchema } = await import('./script-schema.ts');
  const parsed = scriptSchema.safeParse(value);
  if (!parsed.success) throw unfit(name, parsed.error.issues.map(describeIssue));
  const problems: string[] = [];
  const replies = parsed.data.replies.map((reply, index) => ({
    ...reply,
    ...(reply.calls === undefined
      ? {}
      : {
          calls: reply.calls.map((call, position) => ({
            tool: call.tool,
            input: decodeContents(call.input ?? {}, `replies[${index}].calls[${position}].input`, problems),
          })),
        }),
  }));
  for (const [index, reply] of replies.entries()) {
    if (reply.text === undefined && reply.calls === undefined && reply.stop === undefined) {
      problems.push(`replies[${index}]: needs text, calls or stop`);
    }
    for (const { matches } of [reply.expect?.result ?? []].flat()) checkPattern(matches, index, problems);
  }
  if (problems.length > 0) throw unfit(name, problems);
  return { ...parsed.data, replies };
}

async function decode(bytes: Uint8Array, name: string): Promise<unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (name.endsWith('.json')) return JSON.parse(text) as unknown;
    const { parseDocument } = await import('yaml');
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    return document.toJS() as unknown;
  } catch (cause) {
    throw unfit(name, [cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)], cause);
  }
}

/** `{ $base64: … }` anywhere in an input stands for the text with these bytes: CRLF, tabs, trailing blanks survive. */
function decodeContents(value: unknown, at: string, problems: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => decodeContents(item, `${at}[${index}]`, problems));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const encoded = entries.find(([key]) => key === '$base64');
  if (encoded === undefined) {
    return Object.fromEntries(entries.map(([key, item]) => [key, decodeContents(item, `${at}.${key}`, problems)]));
  }
  if (entries.length > 1) problems.push(`${at}: $base64 stands alone, without other keys`);
  return decodeBase64(encoded[1], at, problems);
}

function decodeBase64(encoded: unknown, at: string, problems: string[]): string {
  const text = typeof encoded === 'string' ? encoded.replaceAll(/\s/g, '') : undefined;
  const bytes = Buffer.from(text ?? '', 'base64');
  // Buffer skips what is not base64; only what comes out the same again was base64.
  if (text === undefined || bytes.toString('base64').replaceAll('=', '') !== text.replaceAll('=', '')) {
    problems.push(`${at}: $base64 is not base64`);
    return '';
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    problems.push(`${at}: $base64 holds bytes that are not UTF-8; tools take text, write such a file with bash`);
    return '';
  }
}

function checkPattern(pattern: string | undefined, reply: number, problems: string[]): void {
  if (pattern === undefined) return;
  try {
    new RegExp(pattern, 'mu');
  } catch (error) {
    problems.push(`replies[${reply}].expect.result.matches: ${String(error)}`);
  }
}

function describeIssue(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${path.replace(/^\./, '') || 'the script'}: ${issue.message}`;
}

function unfit(name: string, problems: readonly string[], cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E305',
    message: `the script ${name} is not valid: ${problems.join('; ')}`,
    fix: 'correct it as docs/scripted-model.md describes',
    cause,
  });
}
