/**
 * What the stack tells after it was deployed, by the names of its CloudFormation outputs. The CDK app declares them, the
 * command `deploy` reads them back; both name them from here. Values only, no library.
 */
export const stackOutputs = {
  /** Where GitHub sends its webhooks. */
  webhookUrl: 'WebhookUrl',
  /** The coordinator, without a slash at the end. */
  apiUrl: 'ApiUrl',
  table: 'TableName',
  queueUrl: 'QueueUrl',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
  /** Name or ARN of the secret in Secrets Manager. */
  webhookSecretId: 'WebhookSecretId',
  /** Id or ARN of the KMS key that takes the App's private key: RSA_2048, SIGN_VERIFY, origin EXTERNAL. */
  appKeyId: 'AppKeyId',
  artifactsBucket: 'ArtifactsBucket',
  auditBucket: 'AuditBucket',
} as const;

export type StackOutput = keyof typeof stackOutputs;

/** Named by nobody: the stack is called so. */
export const defaultStackName = 'entropy-playground';

/** A letter, then letters, digits or -; with what is put behind it still a name for a function. */
export const stackNameForm = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** In the root of the clone: the settings of the stack, without any secret. Written by `deploy`, read by the CDK app. */
export const stackSettingsFile = 'entropy.stack.json';
