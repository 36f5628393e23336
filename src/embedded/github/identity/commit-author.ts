import type { Signature } from '../git/commit-object.ts';
import type { BodyFields } from '../http/body-fields.ts';
import { unprocessable } from '../http/problem.ts';
import { type Account, noreplyAddress } from '../state/accounts.ts';
import { isoSeconds, timestamp } from '../state/timestamp.ts';
import type { World } from '../world.ts';

/** How GitHub signs the commits that it makes itself. */
export function gitHubSignature(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date: timestamp(world.clock) };
}

export function signatureOf(account: Account, world: World): Signature {
  return { name: account.name ?? account.login, email: noreplyAddress(account), date: timestamp(world.clock) };
}

/** The author or committer that a request names. */
export function apiSignature(fields: BodyFields, fallback: Signature): Signature {
  const date = fields.optionalString('date');
  const time = date === undefined ? undefined : Date.parse(date);
  if (time !== undefined && Number.isNaN(time)) throw unprocessable(`${date} is not a valid date`);
  return {
    name: cleaned(fields.optionalString('name')) ?? fallback.name,
    email: cleaned(fields.optionalString('email')) ?? fallback.email,
    date: time === undefined ? fallback.date : isoSeconds(time),
  };
}

/** What git would refuse to have in a signature line. */
function cleaned(text: string | undefined): string | undefined {
  const clean = text?.replaceAll(/[<>\n\0]/g, '').trim();
  return clean === '' ? undefined : clean;
}
