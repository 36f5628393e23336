import { describeError, EntropyError } from '../domain/error.ts';
import { errorCatalogue } from '../domain/error-catalogue.ts';
import type { ExitCode } from '../domain/outcome.ts';
import type { Paint } from './paint.ts';
import { terminalText } from './terminal-text.ts';

const docs = 'https://github.com/entropy-playground/entropy-playground/blob/main/docs/errors.md';
const issues = 'https://github.com/entropy-playground/entropy-playground/issues';

/** Anything thrown, as one of our errors: what we did not raise on purpose is a fault of ours. */
export function asEntropyError(thrown: unknown): EntropyError {
  if (thrown instanceof EntropyError) return thrown;
  return new EntropyError({
    code: 'E900',
    message: describeError(thrown),
    fix: `run it again with ENTROPY_DEBUG=1 and report what it prints: ${issues}`,
    cause: thrown,
  });
}

export function exitCodeOfError(error: EntropyError): ExitCode {
  return errorCatalogue[error.code].exit;
}

/** `error[E204] …` with why, fix and more; every part may quote untrusted text and is cleaned. */
export function errorText(error: EntropyError, paint: Paint, debug: boolean): string {
  const lines = [`${paint.bad(`error[${error.code}]`)} ${hang(error.message, 2)}`];
  const why = error.why ?? causeOf(error);
  if (why !== undefined) lines.push(part('why', why, paint));
  lines.push(part('fix', error.fix, paint), part('more', `${docs}#${error.code.toLowerCase()}`, paint));
  if (debug) lines.push(terminalText(stackOf(error)));
  return `${lines.join('\n')}\n`;
}

/** The same for machines; one object on stdout. */
export function errorJson(error: EntropyError): string {
  const body = {
    schema: 1,
    error: {
      code: error.code,
      title: errorCatalogue[error.code].title,
      message: error.message,
      why: error.why ?? causeOf(error) ?? null,
      fix: error.fix,
      retryable: error.retryable,
      exitCode: exitCodeOfError(error),
      more: `${docs}#${error.code.toLowerCase()}`,
    },
  };
  return `${JSON.stringify(body)}\n`;
}

function part(label: string, text: string, paint: Paint): string {
  return `  ${paint.strong(label.padEnd(4))}  ${hang(text, 8)}`;
}

/** Lines after the first are set in, so that nothing in a message can look like a line of its own. */
function hang(text: string, indent: number): string {
  return terminalText(text)
    .trimEnd()
    .split('\n')
    .join(`\n${' '.repeat(indent)}`);
}

function causeOf(error: EntropyError): string | undefined {
  const isOurs = error.code === 'E900';
  return error.cause === undefined || isOurs ? undefined : describeError(error.cause);
}

function stackOf(error: EntropyError): string {
  const source = error.cause instanceof Error ? error.cause : error;
  return source.stack ?? String(source);
}
