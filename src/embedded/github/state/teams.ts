/** Members of the teams of organisations, by `org/slug`. Names are compared as GitHub does: without regard to case. */
export class Teams {
  readonly #members = new Map<string, ReadonlySet<string>>();

  set(name: string, logins: readonly string[]): void {
    this.#members.set(name.toLowerCase(), new Set(logins.map((login) => login.toLowerCase())));
  }

  has(org: string, slug: string, login: string): boolean {
    return this.#members.get(`${org}/${slug}`.toLowerCase())?.has(login.toLowerCase()) ?? false;
  }
}
