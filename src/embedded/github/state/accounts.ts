export type AccountType = 'User' | 'Bot' | 'Organization';

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly type: AccountType;
  readonly createdAt: string;
}

/** GitHub's own number for `github-actions[bot]`; its noreply address shows it in every commit of a workflow. */
const actionsBotId = 41_898_282;
export const actionsBotLogin = 'github-actions[bot]';

/** Logins are compared as GitHub does: without regard to case. */
export class Accounts {
  readonly #byLogin = new Map<string, Account>();
  readonly #createdAt: string;
  #nextId = 1000;

  constructor(createdAt: string) {
    this.#createdAt = createdAt;
    this.add({ login: actionsBotLogin, name: null, type: 'Bot', id: actionsBotId });
  }

  add(account: { login: string; name: string | null; type: AccountType; id?: number }): Account {
    const known = this.find(account.login);
    if (known !== undefined) return known;
    const id = account.id ?? this.#nextId++;
    const { login, name, type } = account;
    const added: Account = { id, login, name, type, createdAt: this.#createdAt };
    this.#byLogin.set(login.toLowerCase(), added);
    return added;
  }

  find(login: string): Account | undefined {
    return this.#byLogin.get(login.toLowerCase());
  }

  findById(id: number): Account | undefined {
    return this.all().find((account) => account.id === id);
  }

  /** The account whose public noreply address or login a commit names. */
  findByEmail(email: string): Account | undefined {
    const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/i.exec(email)?.[1];
    return login === undefined ? undefined : this.find(login);
  }

  all(): readonly Account[] {
    return [...this.#byLogin.values()];
  }
}

export function noreplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}
