import { entropy } from './secret-patterns.ts';

/** Names of variables that hold secrets, as people, tools and runners give them. */
const secretName =
  /(?:^|_)(?:TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|PAT|PWD_?HASH|APIKEY|API_KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|SIGNING_KEY|ENCRYPTION_KEY|AUTH|CREDENTIAL|CREDENTIALS|COOKIE|DSN|WEBHOOK|DATABASE_URL|REDIS_URL|CONNECTION_STRING)(?:$|_)/;

/** Names that hold a secret only when the value looks like one: `ENTROPY_KEY` does, `SORT_KEY` does not. */
const perhapsSecretName = /(?:^|_)KEY(?:$|_)/;

/** A shorter value is a switch or a name, and would be found everywhere. */
const minLength = 12;

/**
 * The variables of an environment whose values must not leave, by name. A value that is a path or a plain address is no
 * secret, whatever its name says (`GOOGLE_APPLICATION_CREDENTIALS`, `ACTIONS_ID_TOKEN_REQUEST_URL`).
 */
export function secretVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(variables)) {
    const upper = name.toUpperCase().replaceAll('-', '_');
    const text = value.trim();
    const isNamed = secretName.test(upper) || (perhapsSecretName.test(upper) && looksRandom(text));
    if (isNamed && text.length >= minLength && !isPlace(text)) found[name] = text;
  }
  return found;
}

function looksRandom(value: string): boolean {
  return value.length >= 16 && /[0-9]/.test(value) && entropy(value) > 3;
}

/** A path, or an address without a credential in it. */
export function isPlace(value: string): boolean {
  const path = /^(?:[A-Za-z]:)?[\\/][^\s]*$|^\.{1,2}\//.test(value) && value.split(/[\\/]/).length > 2;
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i.test(value);
  return path || address;
}
