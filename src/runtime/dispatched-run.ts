import { ulid } from 'ulid';
import type { CoordinatorClient } from '../adapters/coordinator/coordinator-client.ts';
import { revokeToken } from '../adapters/github/revoke-token.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { TokenPurpose } from '../domain/dispatch/run-token.ts';
import { EntropyError } from '../domain/error.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { connectCoordinator, coordinated, coordinatorAccess } from './connect-coordinator.ts';
import { connectGitHub, type GitHubConnection } from './github.ts';
import { logLine } from './job-log.ts';
import { rememberSecret } from './known-secrets.ts';

/** A run that a coordinator dispatched, in a job of the workflow run that carries it out. */
export interface DispatchedRun {
  readonly client: CoordinatorClient;
  /** A token for the run's repository: hidden in all logs, and known to `post`, which ends it. */
  token(purpose: TokenPurpose): Promise<RunToken>;
  /** The repository on GitHub with such a token; claims and books are the coordinator's. */
  connect(token: RunToken): GitHubConnection;
}

export interface RunToken {
  readonly token: string;
  readonly repository: RepositoryRef;
  /** As authors of comments are named. */
  readonly author: string;
}

export interface DispatchedRunOptions {
  readonly io: ActionIo;
  readonly environment: ActionEnvironment;
  readonly runId: string;
  /** Of the coordinator, as `readCoordinatorUrl` gives it. */
  readonly url: string;
  readonly traceparent?: string;
}

/** A coordinator may be busy or restarted meanwhile; one that stays away ends the job with a clear error. */
const deadlineMs = 120_000;

export function openDispatchedRun(options: DispatchedRunOptions, signal: AbortSignal): DispatchedRun {
  const { io, environment, runId, url, traceparent } = options;
  const clock = createSystemClock();
  const access = coordinatorAccess(url, clock);
  const log = logLine;
  const newId = () => ulid(clock.now());
  const trace = traceparent === undefined ? {} : { traceparent };
  const client = connectCoordinator({ access, clock, newId, signal, log, deadlineMs, ...trace });
  return {
    client,
    token: async (purpose) => {
      const asked = await client.dispatch.token(runId, purpose);
      if (asked.kind === 'refusal') throw tokenRefused(runId, asked.value.kind);
      const { token, author, repository: name } = asked.value;
      await io.mask(token);
      rememberSecret('token of this run', token);
      await io.saveState(savedStates.runToken, token);
      const repository = parseFullName(name);
      if (repository !== undefined) return { token, repository, author };
      throw new EntropyError({
        code: 'E720',
        message: `the coordinator made a token for "${name}", which is no repository`,
        fix: 'use the same release of the actions and of the coordinator',
      });
    },
    connect: ({ token, repository, author }) => {
      const { apiUrl } = environment.github;
      const connection = connectGitHub({ token, repository, apiUrl, log, author: async () => author }, signal);
      return { ...coordinated(connection, { access, signal, log }), isDispatched: true };
    },
  };
}

/** The last act of each job: what it was given is worth nothing afterwards. */
export async function endToken(io: ActionIo, environment: ActionEnvironment, token: string): Promise<void> {
  const ended = await revokeToken({ token, apiUrl: environment.github.apiUrl });
  if (ended.kind === 'failed')
    await io.warning(`the token of this run could not be revoked (${ended.why}); it ends within an hour`);
  else logLine('the token of this run was revoked');
}

function tokenRefused(runId: string, why: string): EntropyError {
  if (why === 'not-installed') {
    return new EntropyError({
      code: 'E204',
      message: "the coordinator's GitHub App is not installed on the repository, or suspended there",
      fix: "install it on the repository (the App's page, Install App), then comment /agent retry",
    });
  }
  const fix = 'nothing to do when a newer run has the issue; else comment /agent retry';
  if (why === 'over' || why === 'stale') {
    return new EntropyError({ code: 'E701', message: `run ${runId} is over, or somebody else has its issue`, fix });
  }
  return new EntropyError({
    code: 'E722',
    message: `this workflow run does not carry out run ${runId} (${why}), so it gets no token`,
    fix,
  });
}
