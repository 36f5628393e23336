import { resolve } from 'node:path';
import { defaultRunnerEvents, githubIssuer } from '../domain/access/runner-policy.ts';
import type { ServeOptions, ServeReport } from '../domain/coordinator-serving.ts';
import type { LogEntry } from '../server/app-options.ts';
import type { CliEnvironment } from './cli-environment.ts';
import { takeSecret } from './config.ts';
import { startCoordinator } from './coordinator-server.ts';
import { openGitHubAccess } from './github-access.ts';
import { defaultStateFile } from './store-choice.ts';
import { version } from './version.ts';

export interface ServeContext {
  readonly environment: CliEnvironment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly log: (entry: LogEntry) => void;
}

/** The secret of GitHub's webhook, and the one before while it is changed. */
export const webhookSecretVariables = ['ENTROPY_WEBHOOK_SECRET', 'ENTROPY_WEBHOOK_SECRET_OLD'] as const;

export interface Serving {
  readonly report: ServeReport;
  close(): Promise<void>;
}

/** `entropy-playground serve`: a coordinator with the secrets of this environment, which are gone from it afterwards. */
export async function serveCoordinator(options: ServeOptions, context: ServeContext): Promise<Serving> {
  const { environment, cwd, log } = context;
  const named = options.state ?? environment.coordination.stateFile;
  const stateFile = named === undefined ? defaultStateFile(environment.stateDir) : resolve(cwd, named);
  const secrets = webhookSecretVariables.map((variable) => takeSecret(variable));
  const webhookSecrets = secrets.filter((secret) => secret !== undefined);
  // While requests are finished after a signal GitHub may still be asked: what hangs is cut by the drain's deadline.
  const access = openGitHubAccess({
    environment,
    signal: new AbortController().signal,
    log: (text) => log({ event: 'github', text }),
  });
  const hasToken = environment.githubTokenVariable !== undefined;
  const github = {
    webhookSecrets,
    host: new URL(environment.githubServerUrl).host,
    ...(hasToken && { access }),
  };
  const { oidc, host, port, adminKey, addressFrom } = options;
  const running = await startCoordinator({
    stateFile,
    host,
    port,
    adminKey,
    addressFrom,
    log,
    github,
    ...(oidc && {
      oidc: {
        issuer: oidc.issuer ?? githubIssuer,
        audience: oidc.audience,
        policy: {
          repositories: oidc.repositories,
          workflows: oidc.workflows,
          events: oidc.events ?? defaultRunnerEvents,
        },
      },
    }),
  });
  const { url } = running;
  return {
    report: {
      schema: 1,
      url,
      docs: `${url}/docs`,
      state: stateFile,
      version,
      adminKey: running.adminKey ?? null,
      pid: process.pid,
    },
    close: () => running.close(),
  };
}
