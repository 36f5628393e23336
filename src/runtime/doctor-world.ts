import type { RemoteLocation } from '../domain/remote-url.ts';
import type { SandboxProvider } from '../ports/sandbox.ts';

/** `skip`: cannot be seen from here, and says why. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

export interface Finding {
  readonly status: CheckStatus;
  readonly detail: string;
  /** Present unless all is well. */
  readonly fix?: string;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly look: (world: DoctorWorld, signal: AbortSignal) => Promise<Finding>;
}

export type KeyState =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'missing' | 'rejected' | 'unclear' | 'unreachable'; readonly reason: string };

/** A read of GitHub's API that may be refused: 403 and 404 are answers here. */
export type ReadGitHub = (route: string, params?: Readonly<Record<string, unknown>>) => Promise<GitHubAnswer>;

export interface GitHubAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the checks look at. Adapters are put in by `doctor-wiring.ts`, fakes by tests. */
export interface DoctorWorld {
  readonly platform: string;
  /** `24.21.0` */
  readonly nodeVersion: string;
  /** `git version 2.53.0`; undefined when git is not there. */
  readonly gitVersion: (signal: AbortSignal) => Promise<string | undefined>;
  /** Strongest first. */
  readonly sandboxes: readonly SandboxProvider[];
  readonly probeKey: (signal: AbortSignal) => Promise<KeyState>;
  /** Why there is no repository, or what is known of it. */
  readonly repository:
    | { readonly kind: 'none'; readonly reason: string; readonly fix: string }
    | {
        readonly kind: 'found';
        readonly remote: RemoteLocation | undefined;
        readonly defaultBranch: string | undefined;
      };
  /** A file of the working copy; undefined when there is none. */
  readonly readText: (path: string) => Promise<string | undefined>;
  readonly listFolder: (path: string) => Promise<readonly string[]>;
  /** Undefined without a token, and without a repository on the server that the environment names. */
  readonly github: ReadGitHub | undefined;
  readonly hasToken: boolean;
  readonly githubServerUrl: string;
}
