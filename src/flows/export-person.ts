import { concerns } from '../domain/person/erased-data.ts';
import type { PersonalRecords } from '../ports/personal-records.ts';
import { assertLogin } from './person-login.ts';

/** Everything in which a person is named, or that they wrote: one JSON object a line, ready to be handed over. */
export async function* exportPerson(
  { records }: { readonly records: Pick<PersonalRecords, 'all'> },
  login: string,
  signal: AbortSignal,
): AsyncIterable<string> {
  assertLogin(login);
  for await (const { kind, name, data } of records.all()) {
    signal.throwIfAborted();
    if (concerns(data, login)) yield `${JSON.stringify({ kind, name, data })}\n`;
  }
}
