/** What GitHub answers instead of a result. Thrown inside a route, turned into a response at the edge, never further. */
export class GitHubProblem extends Error {
  override readonly name = 'GitHubProblem';
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    details: { readonly errors?: readonly unknown[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = details.errors;
    this.headers = details.headers ?? {};
  }

  body(): Record<string, unknown> {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    };
  }
}

export function notFound(): GitHubProblem {
  return new GitHubProblem(404, 'Not Found');
}

export function conflict(message: string): GitHubProblem {
  return new GitHubProblem(409, message);
}

export function forbidden(message: string): GitHubProblem {
  return new GitHubProblem(403, message);
}

/** 422 with a sentence, as the git endpoints answer. */
export function unprocessable(message: string): GitHubProblem {
  return new GitHubProblem(422, message);
}

export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
}

/** 422 "Validation Failed" with the fields at fault, as the issue and pull request endpoints answer. */
export function validationFailed(...errors: readonly FieldError[]): GitHubProblem {
  return new GitHubProblem(422, 'Validation Failed', { errors });
}
