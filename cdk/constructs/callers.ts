import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, FilterCriteria, type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { toldKinds } from '../../src/runtime/aws/table-definition.ts';
import { acknowledge } from '../acknowledge.ts';
import type { CoordinationTable } from './coordination-table.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { StackFunction } from './stack-function.ts';
import { allow } from './statement.ts';
import type { TaskQueue } from './task-queue.ts';

interface QueueCallerProps {
  readonly tasks: TaskQueue;
  readonly dispatcher: StackFunction;
  /** Calls at the same time, at most. */
  readonly concurrency: number;
}

/** Hands the queue's messages to the dispatcher, which answers with the ids of those that failed. */
export class QueueCaller extends Construct {
  constructor(scope: Construct, id: string, { tasks, dispatcher, concurrency }: QueueCallerProps) {
    super(scope, id);
    tasks.grantWork(dispatcher);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: dispatcher.lambda,
      eventSourceArn: tasks.queue.queueArn,
      batchSize: 10,
      maxConcurrency: concurrency,
      reportBatchItemFailures: true,
    });
    // The service tries the policy when the mapping is made.
    mapping.node.addDependency(dispatcher.role);
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'What fails stays in the queue, whose redrive policy buries it.',
    });
  }
}

/** Only items whose changes are events; what the archiver itself writes would call it again. */
const toldItems = {
  dynamodb: { Keys: { sk: { S: [...toldKinds, ...toldKinds.map((kind) => ({ prefix: `${kind}#` }))] } } },
};

interface StreamCallerProps {
  readonly stackName: string;
  readonly table: CoordinationTable;
  readonly keys: EncryptionKeys;
  readonly archiver: StackFunction;
}

/** Hands the table's changes to the archiver, in order for each item; what it never takes is told in a queue of its own. */
export class StreamCaller extends Construct {
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { stackName, table, keys, archiver }: StreamCallerProps) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', {
      queueName: `${stackName}-archiver-failures`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const told = { destination: this.failures.queueArn };
    const onFailure: IEventSourceDlq = { bind: () => told };
    table.grantStream(archiver);
    allow(archiver, { sid: 'TellFailures', actions: ['sqs:SendMessage'], resources: [this.failures.queueArn] });
    keys.grantThroughQueue(archiver);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: archiver.lambda,
      eventSourceArn: table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      // The stream keeps a day: until just before its end nothing is passed over, since what comes after waits for it.
      maxRecordAge: Duration.hours(23),
      filters: [FilterCriteria.filter(toldItems)],
      reportBatchItemFailures: true,
      onFailure,
    });
    mapping.node.addDependency(archiver.role);
    const own = 'It is where failures end; its alarm and the runbook follow.';
    acknowledge(this.failures, { 'AwsSolutions-SQS3': own, 'Serverless-SQSRedrivePolicy': own });
  }
}

/** Calls the sweeper every minute. A call that fails is not repeated: the next minute's looks at everything anew. */
export class MinuteCaller extends Construct {
  constructor(scope: Construct, id: string, sweeper: StackFunction) {
    super(scope, id);
    sweeper.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const rule = new Rule(this, 'Rule', {
      description: `${Stack.of(this).stackName}: sweep every minute`,
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    const next =
      'Nothing is in the call but the time: the next minute does what this one could not, and an alarm tells.';
    acknowledge(rule, { 'Serverless-EventBusDLQ': next });
    acknowledge(sweeper, { 'Serverless-LambdaAsyncFailureDestination': next });
  }
}
