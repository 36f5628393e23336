import { commandNames } from '../domain/command.ts';
import { describeError } from '../domain/error.ts';
import { type PriceTable, withPrices } from '../domain/price.ts';
import { parseBytes, parseList, parseMinutes, parseUsd, parseWhole, parseYesNo } from '../domain/quantity.ts';
import { isRoleName, roleNameRule } from '../domain/roles/role.ts';
import { isCommandName, type WhoMay } from '../domain/who-may.ts';

/** Variables as a process gets them; what the parsers take, so that tests need no process of their own. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The text of one variable or input, made a value. The problem follows the name of the value in a sentence. */
export type ValueReader<Value> = (
  text: string,
) => { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

function reader<Value>(parse: (text: string) => Value | undefined, expected: string): ValueReader<Value> {
  return (text) => {
    const value = parse(text);
    return value === undefined ? { ok: false, problem: `is ${expected}, not "${shown(text)}"` } : { ok: true, value };
  };
}

export const text: ValueReader<string> = (value) => ({ ok: true, value });
export const list: ValueReader<readonly string[]> = (value) => ({ ok: true, value: parseList(value) });
export const yesNo = reader(parseYesNo, 'true or false');
export const usd = reader(parseUsd, 'an amount of US dollars such as 2 or 0.50');
export const minutes = reader((value) => atLeastOne(parseMinutes(value)), 'a time such as 30 or 1h30m');
export const bytes = reader((value) => atLeastOne(parseBytes(value)), 'a size such as 524288 or 512 KiB');

export function whole(min: number): ValueReader<number> {
  return reader((value) => parseWhole(value, min), `a whole number from ${min} on`);
}

export function oneOf<Word extends string>(words: readonly Word[]): ValueReader<Word> {
  return reader((value) => words.find((word) => word === value.trim()), `one of ${words.join(', ')}`);
}

/** A role's name; whether there is such a role is known where the repository's files are. */
export const roleName: ValueReader<string> = (value) => {
  const name = value.trim();
  return isRoleName(name) ? { ok: true, value: name } : { ok: false, problem: roleNameRule };
};

export const roleNames: ValueReader<readonly string[]> = (value) => {
  const names = parseList(value);
  const odd = names.find((name) => !isRoleName(name));
  return odd === undefined
    ? { ok: true, value: names }
    : { ok: false, problem: `holds "${shown(odd)}", which ${roleNameRule}` };
};

export function listOf<Word extends string>(words: readonly Word[]): ValueReader<readonly Word[]> {
  const read = oneOf(words);
  return (value) => {
    const found: Word[] = [];
    for (const entry of parseList(value)) {
      const result = read(entry);
      if (!result.ok) return { ok: false, problem: `holds "${shown(entry)}"; known: ${words.join(', ')}` };
      found.push(result.value);
    }
    return { ok: true, value: found };
  };
}

export const ports = reader((value) => {
  const found = parseList(value).map((entry) => parseWhole(entry, 1));
  return found.every((port) => port !== undefined) ? found : undefined;
}, 'a list of ports such as 5432, 6379');

/** `approve=maintain, octo/agents`, one command a line. */
export const whoMay: ValueReader<WhoMay> = (value) => {
  const lines = variables(value);
  if (!lines.ok) return { ok: false, problem: lines.problem.replace('NAME=value', 'command=who') };
  const unknown = Object.keys(lines.value).find((name) => !isCommandName(name));
  if (unknown !== undefined) {
    return { ok: false, problem: `names the command "${shown(unknown)}"; known: ${commandNames.join(', ')}` };
  }
  return {
    ok: true,
    value: Object.fromEntries(Object.entries(lines.value).map(([name, who]) => [name, parseList(who)])),
  };
};

/** `NAME=value`, one a line. */
export const variables: ValueReader<Readonly<Record<string, string>>> = (value) => {
  const entries: [string, string][] = [];
  for (const line of value.split('\n').filter((candidate) => candidate.trim() !== '')) {
    const equals = line.indexOf('=');
    if (equals < 1) return { ok: false, problem: `holds "${shown(line)}"; one NAME=value a line is expected` };
    entries.push([line.slice(0, equals).trim(), line.slice(equals + 1)]);
  }
  return { ok: true, value: Object.fromEntries(entries) };
};

/** JSON: `{"my-model": {"input": 4000000, "output": 20000000, "cacheWrite": 5000000, "cacheRead": 400000}}`, micro-USD. */
export const prices: ValueReader<PriceTable> = (value) => {
  try {
    return { ok: true, value: withPrices({}, JSON.parse(value) as PriceTable) };
  } catch (error) {
    return { ok: false, problem: `is no table of prices: ${describeError(error)}` };
  }
};

export const httpUrl = reader((value) => {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const plain = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  return plain ? value.replace(/\/+$/, '') : undefined;
}, 'an http(s) address without a user name or password in it');

function atLeastOne(value: number | undefined): number | undefined {
  return value === undefined || value < 1 ? undefined : value;
}

/** Enough of a wrong value to find it, and never all of a secret that was pasted into the wrong place. */
function shown(value: string): string {
  return value.length <= 24 ? value : `${value.slice(0, 12)}…`;
}
