import { CfnOutput, CfnResource, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionName } from '../src/runtime/aws/aws-names.ts';
import { type StackOutput, stackOutputs } from '../src/runtime/aws/stack-outputs.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { AskedAtDeploy } from './constructs/asked-at-deploy.ts';
import { MinuteCaller, QueueCaller, StreamCaller } from './constructs/callers.ts';
import { CoordinationTable } from './constructs/coordination-table.ts';
import { FleetDashboard } from './constructs/dashboard.ts';
import { EncryptionKeys } from './constructs/encryption-keys.ts';
import { functionSizes } from './constructs/function-size.ts';
import { HttpEndpoint } from './constructs/http-endpoint.ts';
import { StackFunction, type Variables } from './constructs/stack-function.ts';
import { StoredFiles } from './constructs/stored-files.ts';
import { TaskQueue } from './constructs/task-queue.ts';
import { WebhookSecret } from './constructs/webhook-secret.ts';
import { grantAll } from './grants.ts';
import type { StackSettings } from './stack-settings.ts';

interface EntropyStackProps {
  readonly settings: StackSettings;
  /** Where the function's bundle lies: a folder with `index.mjs`. */
  readonly codeFolder: (name: FunctionName) => string;
}

const functionIds: Readonly<Record<FunctionName, string>> = {
  webhook: 'Webhook',
  dispatcher: 'Dispatcher',
  api: 'Api',
  sweeper: 'Sweeper',
  archiver: 'Archiver',
};

/** Everything in AWS: GitHub's webhook comes in, work is queued, claimed, paid for and started, and what happened is kept. */
export class EntropyStack extends Stack {
  constructor(scope: Construct, { settings, codeFolder }: EntropyStackProps) {
    const { stackName, tableRemoval } = settings;
    super(scope, stackName, {
      stackName,
      description: 'Entropy Playground: coordinates AI agents that work on GitHub issues',
    });
    const asked = new AskedAtDeploy(this, 'Asked', settings);
    const keys = new EncryptionKeys(this, 'Keys', {
      removal: tableRemoval,
      appKeyGeneration: settings.appKeyGeneration,
    });
    const table = new CoordinationTable(this, 'Coordination', {
      keys,
      removal: tableRemoval,
      restored: settings.tableStreamArn,
    });
    const workerTimeout = Duration.seconds(functionSizes.dispatcher.timeoutSeconds);
    const tasks = new TaskQueue(this, 'Work', { stackName, keys, workerTimeout });
    const files = new StoredFiles(this, 'Files', settings);
    const secret = new WebhookSecret(this, 'WebhookSecret');
    const endpoint = new HttpEndpoint(this, 'Http', settings);

    const variables: Variables = {
      table: table.table.tableName,
      queueUrl: tasks.queue.queueUrl,
      deadLetterQueueUrl: tasks.deadLetters.queueUrl,
      artifactsBucket: files.artifacts.bucket.bucketName,
      auditBucket: files.audit.bucket.bucketName,
      webhookSecretId: secret.secret.attrId,
      appId: asked.appId,
      appKeyId: keys.app.attrKeyId,
      sealingKeyId: keys.data.keyId,
      githubApiUrl: settings.githubApiUrl,
      githubServerUrl: settings.githubServerUrl,
      coordinatorUrl: endpoint.url,
      workflow: settings.workflow,
      runnerRepository: settings.runnerRepository ?? '',
      owners: asked.owners,
      oidcIssuer: settings.oidcIssuer,
      trustedWorkflows: settings.trustedWorkflows.join(','),
      stack: stackName,
      logLevel: settings.logLevel,
    };
    const make = (name: FunctionName): StackFunction =>
      new StackFunction(this, functionIds[name], { name, codeFolder: codeFolder(name), variables, settings });
    const functions = {
      webhook: make('webhook'),
      dispatcher: make('dispatcher'),
      api: make('api'),
      sweeper: make('sweeper'),
      archiver: make('archiver'),
    };
    grantAll(functions, { keys, table, tasks, files, secret });
    endpoint.route(functions);
    new QueueCaller(this, 'Dispatch', { tasks, dispatcher: functions.dispatcher, concurrency: settings.concurrency });
    const stream = new StreamCaller(this, 'Archive', { stackName, table, keys, archiver: functions.archiver });
    new MinuteCaller(this, 'Sweep', functions.sweeper);

    const watched = { settings, functions, table, tasks, failures: stream.failures, endpoint };
    const alarms = new Alarms(this, 'Alarms', { ...watched, topic: new AlarmTopic(this, 'Told', settings) });
    new FleetDashboard(this, 'Dashboard', { ...watched, alarms });
    this.#tag(settings);
    this.#tell({ ...variables, webhookUrl: `${endpoint.url}/webhook`, apiUrl: endpoint.url }, endpoint, settings);
    this.templateOptions.metadata = { 'entropy:resources': this.resourceCount };
  }

  get resourceCount(): number {
    return this.node.findAll().filter((each) => CfnResource.isCfnResource(each)).length;
  }

  #tag({ stackName, tags }: StackSettings): void {
    for (const [key, value] of Object.entries({ project: 'entropy-playground', stack: stackName, ...tags }))
      Tags.of(this).add(key, value);
  }

  #tell(
    told: Readonly<Record<StackOutput, string>>,
    { cnameTarget }: HttpEndpoint,
    { domainName }: StackSettings,
  ): void {
    for (const [output, id] of Object.entries(stackOutputs))
      new CfnOutput(this, id, { value: told[output as StackOutput] });
    if (cnameTarget !== undefined)
      new CfnOutput(this, 'CnameTarget', { value: cnameTarget, description: `Make ${domainName} a CNAME of this` });
    new CfnOutput(this, 'NextStep', {
      value: 'entropy-playground deploy',
      description: "Puts the App's key and webhook secret in their places, registers the webhook and tries it all once",
    });
  }
}
