export interface ApiCall {
  /** Method and template as in GitHub's reference: `GET /repos/{owner}/{repo}/issues/{issue_number}`. */
  readonly route: string;
  /** Besides `owner` and `repo`: fills the template; the rest is query or body. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** For error messages, after "cannot": `read issue 42`. */
  readonly purpose: string;
  /** Statuses from 400 on that are an answer to this call and not an error. */
  readonly expected?: readonly number[];
  /** A second try could do the work twice, so the caller finds out itself what became of the first. */
  readonly onlyOnce?: boolean;
  /** The answer is text that may be long: only so many bytes of its end are kept, as `data`. */
  readonly lastBytes?: number;
}

export interface ApiAnswer {
  readonly status: number;
  readonly data: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}
