/** One request as it ended. Never holds a token, a body or a query. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** `POST /repos/{owner}/{repo}/git/trees`; undefined when nothing here serves the path. */
  readonly operation: string | undefined;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly identity: string;
  readonly durationMs: number;
}

/** The exchange with its bodies, for checks against GitHub's OpenAPI. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly operation: string | undefined;
  readonly requestBody: unknown;
  readonly status: number;
  readonly contentType: string;
  readonly responseBody: unknown;
}

const kept = 10_000;

/** The last requests, and the counts of all. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];
  readonly #counts = new Map<string, number>();

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > kept) this.#requests.shift();
    const name = request.operation ?? `${request.method} ${request.path} (not served)`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([one], [other]) => one.localeCompare(other)));
  }
}
