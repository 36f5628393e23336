/**
 * How the stack tells its functions where things are: names of environment variables, no values and no library. The CDK app
 * sets them, `aws-settings.ts` reads them; both name them from here.
 */
export const awsVariables = {
  table: 'ENTROPY_TABLE',
  queueUrl: 'ENTROPY_QUEUE_URL',
  deadLetterQueueUrl: 'ENTROPY_DEAD_LETTER_QUEUE_URL',
  /** Files of runs: task, trajectory, patch, logs. */
  artifactsBucket: 'ENTROPY_ARTIFACTS_BUCKET',
  /** Archived activity; locked. */
  auditBucket: 'ENTROPY_AUDIT_BUCKET',
  /** Secrets Manager: AWSCURRENT counts, and AWSPREVIOUS while the secret is rotated. */
  webhookSecretId: 'ENTROPY_WEBHOOK_SECRET_ID',
  appId: 'ENTROPY_APP_ID',
  /** KMS, RSA 2048, SIGN_VERIFY: the App's private key, imported. */
  appKeyId: 'ENTROPY_APP_KEY_ID',
  /** KMS, symmetric: seals shared installation tokens. */
  sealingKeyId: 'ENTROPY_SEALING_KEY_ID',
  githubApiUrl: 'ENTROPY_GITHUB_API_URL',
  githubServerUrl: 'ENTROPY_GITHUB_SERVER_URL',
  /** Public address of the HTTP API: audience of runners' tokens. */
  coordinatorUrl: 'ENTROPY_COORDINATOR_URL',
  /** File name of the workflow that is dispatched: `agent.yml`. */
  workflow: 'ENTROPY_WORKFLOW',
  /** `octo/agents`: all runs are started there; empty: each in its own repository. */
  runnerRepository: 'ENTROPY_RUNNER_REPOSITORY',
  /** Owners whose deliveries and runners count, separated by commas. */
  owners: 'ENTROPY_OWNERS',
  oidcIssuer: 'ENTROPY_OIDC_ISSUER',
  /** Globs over `job_workflow_ref`, separated by commas: whose jobs get tasks and tokens. */
  trustedWorkflows: 'ENTROPY_TRUSTED_WORKFLOWS',
  /** Name of the stack: its figures are told apart from another stack's by it. */
  stack: 'ENTROPY_STACK',
  logLevel: 'ENTROPY_LOG_LEVEL',
} as const;

/** One folder of `lambdas/` each. */
export const functionNames = ['webhook', 'dispatcher', 'api', 'sweeper', 'archiver'] as const;
export type FunctionName = (typeof functionNames)[number];

/** Dispatcher and sweeper do the same work: one when it is asked for, the other when it was left undone. */
const startsRuns = [
  'table',
  'queueUrl',
  'deadLetterQueueUrl',
  'artifactsBucket',
  'appId',
  'appKeyId',
  'sealingKeyId',
  'githubApiUrl',
  'githubServerUrl',
  'workflow',
  'runnerRepository',
  'owners',
  'stack',
  'logLevel',
] as const;

/** What each function is told, and nothing else. */
export const variablesOf = {
  webhook: ['queueUrl', 'webhookSecretId', 'owners', 'stack', 'logLevel'],
  dispatcher: startsRuns,
  api: [
    'table',
    'queueUrl',
    'deadLetterQueueUrl',
    'artifactsBucket',
    'appId',
    'appKeyId',
    'sealingKeyId',
    'githubApiUrl',
    'githubServerUrl',
    'coordinatorUrl',
    'runnerRepository',
    'owners',
    'oidcIssuer',
    'trustedWorkflows',
    'stack',
    'logLevel',
  ],
  sweeper: startsRuns,
  archiver: ['table', 'queueUrl', 'auditBucket', 'stack', 'logLevel'],
} as const satisfies Readonly<Record<FunctionName, readonly (keyof typeof awsVariables)[]>>;
