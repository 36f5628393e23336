import { randomBytes } from 'node:crypto';

/** What somebody asks GitHub to register: the part of a manifest that this GitHub keeps. */
export interface AppManifest {
  readonly name: string;
  readonly url: string;
  readonly description: string | undefined;
  readonly redirectUrl: string;
  readonly webhook: { readonly url: string; readonly active: boolean } | undefined;
  readonly events: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  /** Login of the account that will own it. */
  readonly owner: string;
}

/** GitHub gives the one who asked an hour to exchange the code. */
const lifetimeMs = 3_600_000;

/** Manifests that a person agreed to, until their code is exchanged, which works once. */
export class AppManifests {
  readonly #agreed = new Map<string, { readonly manifest: AppManifest; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  agree(manifest: AppManifest): string {
    const code = randomBytes(20).toString('hex');
    this.#agreed.set(code, { manifest, until: this.#now() + lifetimeMs });
    return code;
  }

  /** Undefined: no such code, used already, or too late. */
  take(code: string): AppManifest | undefined {
    const agreed = this.#agreed.get(code);
    this.#agreed.delete(code);
    return agreed !== undefined && agreed.until > this.#now() ? agreed.manifest : undefined;
  }
}
