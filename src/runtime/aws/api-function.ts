import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import { createDynamoActivityLog } from '../../adapters/dynamodb/activity-log.ts';
import { createDynamoApiKeyStore } from '../../adapters/dynamodb/api-key-store.ts';
import { dynamoCoordination } from '../../adapters/dynamodb/dynamo-coordination.ts';
import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { defaultRunnerEvents, type RunnerPolicy } from '../../domain/access/runner-policy.ts';
import type { ClaimRecord } from '../../domain/claim.ts';
import { claimPlace } from '../../domain/claim-place.ts';
import { EntropyError } from '../../domain/error.ts';
import { fullName } from '../../domain/repository.ts';
import { holderIsDead } from '../../flows/holder-is-dead.ts';
import { withWorkflowRun } from '../../flows/with-workflow-run.ts';
import type { DispatchParts, LogEntry } from '../../server/app-options.ts';
import { type CoordinatorApp, createCoordinatorApp } from '../../server/coordinator-app.ts';
import { problemBody } from '../../server/problems.ts';
import { securityHeaders } from '../../server/security-headers.ts';
import { problemMediaType } from '../../wire/problem.ts';
import { readAwsSettings } from '../config.ts';
import { createLiveness } from '../liveness.ts';
import { version } from '../version.ts';
import { gatewayAddress, requestEvent } from './api-event.ts';
import type { AppGitHub } from './app-github.ts';
import { functionAwsAccess } from './aws-access.ts';
import type { SettingsOf } from './aws-settings.ts';
import { type FunctionLog, openFunctionLog } from './function-log.ts';
import { openStackStores, openStackTable, type StackStores } from './stack-stores.ts';

export type ApiFunction = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** The coordinator's HTTP app behind the HTTP API, by the settings of its stack. */
export function openApiFunction(): ApiFunction {
  const settings = readAwsSettings('api');
  const log = openFunctionLog({ name: 'api', ...settings });
  const access = { aws: functionAwsAccess(createSystemClock()) };
  const table = openStackTable(settings, access);
  const stores = openStackStores(settings, access, table);
  const { appId, githubApiUrl: apiUrl, owners } = settings;
  let github: Promise<AppGitHub> | undefined;
  // Most requests never ask GitHub: what does is loaded with the first that does.
  const openGitHub = async (): Promise<AppGitHub> => {
    const { openAppGitHub } = await import('./app-github.ts');
    return openAppGitHub({ ...stores, appId, apiUrl, owners, log: (line) => log.info(line) });
  };
  return apiFunction({
    app: coordinatorOnAws({ settings, stores, table, github: () => (github ??= openGitHub()), log }),
    log,
  });
}

export interface CoordinatorOnAws {
  readonly settings: Pick<
    SettingsOf<'api'>,
    'coordinatorUrl' | 'githubServerUrl' | 'oidcIssuer' | 'owners' | 'runnerRepository' | 'trustedWorkflows'
  >;
  readonly stores: StackStores;
  readonly table: ReturnType<typeof openStackTable>;
  readonly github: () => Promise<AppGitHub>;
  readonly log: FunctionLog;
}

/** How old GitHub's word that a run lives may be for those who want its claim now, and how long GitHub is waited for. */
const believedMs = 5_000;
const askMs = 10_000;

/** The same app as on one machine, over the stack's table, queue and bucket. Its webhook is a function of its own. */
export function coordinatorOnAws({ settings, stores, table, github, log }: CoordinatorOnAws): CoordinatorApp {
  const { clock, newId, queue, objects, runs } = stores;
  const tell = (entry: LogEntry): void => log.info(String(entry['event'] ?? 'entry'), entry);
  const ask = async (record: ClaimRecord): Promise<boolean> => {
    const repository = claimPlace(record.key)?.repository;
    if (repository === undefined) return false;
    const { connect } = (await github()).open(AbortSignal.timeout(askMs));
    const { runnerRepository } = settings;
    const runner = runnerRepository && { runner: connect(runnerRepository).forge };
    return holderIsDead({ forge: connect(repository).forge, ...runner, log: (line) => log.info(line) }, record);
  };
  const liveness = createLiveness({ ask, clock, log: tell })(believedMs);
  return createCoordinatorApp({
    coordination: dynamoCoordination(table, { clock, activity: createDynamoActivityLog(table, clock) }),
    queue,
    objects,
    access: {
      keys: createDynamoApiKeyStore(table),
      idempotency: stores.heard,
      oidc: { issuer: settings.oidcIssuer, audience: settings.coordinatorUrl, policy: policyOf(settings) },
    },
    github: {
      webhookSecrets: [],
      // A dispatched run's claim does not know its workflow run; the run does.
      holderIsDead: async (record) => liveness(await withWorkflowRun(runs, record)),
    },
    dispatch: {
      objects,
      app: appOf(github),
      workflows: settings.trustedWorkflows,
      serverUrl: settings.githubServerUrl,
    },
    probeStore: () => probe(stores),
    clock,
    newId,
    version,
    log: tell,
    addressOf: gatewayAddress,
    // The service ends a function between two requests, when nothing of it is heard any more.
    stopping: new AbortController().signal,
    limits: {
      requestMs: 20_000,
      streamLifeMs: 20_000,
      // Nothing is heard of an answer before its end, so a stream ends as soon as there is something to hear.
      streamHeartbeatMs: 1_000,
      streamEnds: 'quiet',
    },
  });
}

function appOf(github: () => Promise<AppGitHub>): NonNullable<DispatchParts['app']> {
  return {
    author: async () => (await github()).app.author(),
    installationOf: async (repository) => (await github()).app.installationOf(repository),
    mintToken: async (installation, scope) => (await github()).app.mintToken(installation, scope),
  };
}

/** Jobs of all repositories of these owners, started by what starts agents; the central one's trusted workflow acts for all. */
export function policyOf({
  owners,
  runnerRepository,
  trustedWorkflows: workflows,
}: Pick<SettingsOf<'api'>, 'owners' | 'runnerRepository' | 'trustedWorkflows'>): RunnerPolicy {
  const logins = owners.map(({ login }) => login);
  const central = runnerRepository && { repository: fullName(runnerRepository), owners: logins, workflows };
  return {
    repositories: owners.map(({ login, id }) => ({ glob: `${login}/*`, ...(id !== undefined && { ownerId: id }) })),
    workflows: [],
    events: defaultRunnerEvents,
    ...(central && { central }),
  };
}

/** What `/readyz` writes: who looks twice at once has written as well. */
async function probe({ cursors, clock }: Pick<StackStores, 'cursors' | 'clock'>): Promise<void> {
  const name = 'probe';
  const before = await cursors.read(name);
  await cursors.write(name, { at: clock.now() }, before?.version);
}

/** The largest answer that Lambda hands on is 6 MB, all of it counted: headers, and JSON around the text. */
const maxAnswerBytes = 5_500_000;

export function apiFunction({ app, log }: { readonly app: CoordinatorApp; readonly log: FunctionLog }): ApiFunction {
  // The adapter's types know events of five services; this one comes from an HTTP API alone.
  // All that the app answers is text.
  const handler = handle(app, { isContentTypeBinary: () => false }) as (
    event: APIGatewayProxyEventV2,
  ) => Promise<APIGatewayProxyStructuredResultV2>;
  return async (event) => {
    try {
      const result = await handler(requestEvent(event));
      return Buffer.byteLength(result.body ?? '') > maxAnswerBytes ? tooLarge(log, event) : result;
    } finally {
      log.flush();
    }
  };
}

function tooLarge(log: FunctionLog, event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const detail = 'the answer is larger than this coordinator can send at once';
  const fix = 'ask for fewer at once: limit=50';
  const { requestId, http } = event.requestContext;
  log.error('an answer was too large', new EntropyError({ code: 'E720', message: detail, fix }), {
    request: requestId,
    path: http.path.slice(0, 300),
  });
  return {
    statusCode: 500,
    headers: { ...securityHeaders, 'content-type': problemMediaType },
    body: JSON.stringify(problemBody({ status: 500, code: 'E720', detail, fix }, requestId)),
    isBase64Encoded: false,
  };
}
