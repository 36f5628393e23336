import { findPatterns } from './secret-patterns.ts';
import { knownSecretFinder } from './secret-search.ts';

export interface SecretHit {
  /** `exact value of github-token (base64)`, `AWS access key`; never the secret itself. */
  readonly rule: string;
  /** 1-based. */
  readonly line: number;
}

/** How the rule of a hit begins that is a value which the process knows; all others only look like a secret. */
export const exactRule = 'exact value of ';

/** What keeps secrets in texts that leave a process: it finds them, or takes them out. Never asks anybody, never waits. */
export interface SecretGuard {
  find(text: string): readonly SecretHit[];
  /** The text without the lines that hold a secret; without anything when it is spread over them. */
  redact(text: string): string;
}

/** Guards the exact values that a process knows, by the names that a finding tells, and what looks like a secret. */
export function createSecretGuard(known: Readonly<Record<string, string>>): SecretGuard {
  const findKnown = knownSecretFinder(known);
  const find = (text: string): readonly SecretHit[] => [
    ...findKnown(text).map(({ name, encoding, line }) => ({ rule: `${exactRule}${name} (${encoding})`, line })),
    ...findPatterns(text),
  ];
  return {
    find,
    redact(text) {
      const hits = find(text);
      if (hits.length === 0) return text;
      const lines = text.split('\n').map((line) => {
        const inLine = find(line);
        return inLine.length === 0 ? line : noteOf(inLine);
      });
      const rest = lines.join('\n');
      return find(rest).length === 0 ? rest : noteOf(hits);
    },
  };
}

/**
 * A value with every string of it redacted, names of fields too: a tool's input comes from the model, keys and all. A
 * value that holds no secret comes back equal.
 */
export function redactAll<Value>(value: Value, redact: (text: string) => string): Value {
  return redactAny(value, redact) as Value;
}

function redactAny(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactAny(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactAny(item, redact)]));
}

function noteOf(hits: readonly SecretHit[]): string {
  return `[left out: ${[...new Set(hits.map(({ rule }) => rule))].join('; ')}]`;
}
