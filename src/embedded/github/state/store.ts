import { Accounts } from './accounts.ts';
import type { Repository } from './repository-state.ts';
import { Teams } from './teams.ts';

/** Everything that the embedded GitHub knows besides git's objects. Gone when the process ends. */
export class Store {
  readonly accounts: Accounts;
  readonly teams = new Teams();
  readonly #repositories = new Map<string, Repository>();
  #nextId = 1;
  /** On github.com they have left 32 bits behind. */
  #nextCommentId = 2_200_000_001;

  constructor(createdAt: string) {
    this.accounts = new Accounts(createdAt);
  }

  /** Ids are unique over all kinds of things, so that a mix-up of two kinds never works by accident. */
  id(): number {
    return this.#nextId++;
  }

  /** Of what people write below an issue or beside lines. */
  commentId(): number {
    return this.#nextCommentId++;
  }

  addRepository(repository: Repository): void {
    this.#repositories.set(key(repository.owner.login, repository.name), repository);
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.#repositories.get(key(owner, name));
  }

  repositories(): readonly Repository[] {
    return [...this.#repositories.values()];
  }
}

function key(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}
