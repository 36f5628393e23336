export type FaultResponse =
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  /** The connection is closed without an answer. */
  | { readonly kind: 'drop' }
  /** The request is served, but late. */
  | { readonly kind: 'delay'; readonly milliseconds: number };

export interface Fault {
  /** Any when absent. */
  readonly method?: string;
  /** The path without query (`/repos/o/r/issues/1`), or a pattern over it. Any when absent. */
  readonly path?: string | RegExp;
  /** How many requests it hits; 1 when absent. */
  readonly times?: number;
  readonly respond: FaultResponse;
}

/** What tests make go wrong, in the order in which it was pushed. */
export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  push(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** How many injected faults are still waiting for a request. */
  pending(): number {
    return this.#faults.reduce((sum, each) => sum + each.left, 0);
  }

  /** A dropped connection is the server's to do, before anybody reads the request. */
  takeDrop(method: string, url: string): boolean {
    return this.#take(method, apiPath(url), (response) => response.kind === 'drop') !== undefined;
  }

  take(method: string, path: string): FaultResponse | undefined {
    return this.#take(method, path, (response) => response.kind !== 'drop');
  }

  #take(method: string, path: string, wanted: (response: FaultResponse) => boolean): FaultResponse | undefined {
    const index = this.#faults.findIndex(({ fault }) => wanted(fault.respond) && matches(fault, method, path));
    const hit = this.#faults[index];
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#faults.splice(index, 1);
    return hit.fault.respond;
  }
}

/** The path as routes name it, whichever of the two addresses of the API was used. */
export function apiPath(url: string): string {
  return (url.split('?', 1)[0] ?? '/').replace(/^\/api\/v3/, '');
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? fault.path === path : fault.path.test(path);
}

/** GitHub's answer to a client that writes too fast. */
export function secondaryRateLimit(retryAfterSeconds: number, status: 403 | 429 = 403): FaultResponse {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ' +
    'If you reach out to GitHub Support for help, please include the request ID.';
  const documentation_url =
    'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits';
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return { kind: 'respond', status, headers, body: { message, documentation_url } };
}
