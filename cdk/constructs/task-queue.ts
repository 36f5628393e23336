import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { queueRules } from '../../src/domain/coordination/queue-rules.ts';
import { acknowledge } from '../acknowledge.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { allow, type Grantee } from './statement.ts';

interface TaskQueueProps {
  readonly stackName: string;
  readonly keys: EncryptionKeys;
  /** Of the function that works the queue off. */
  readonly workerTimeout: Duration;
}

/** Work for the dispatcher, and where it ends when nobody could do it. */
export class TaskQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #keys: EncryptionKeys;

  constructor(scope: Construct, id: string, { stackName, keys, workerTimeout }: TaskQueueProps) {
    super(scope, id);
    this.#keys = keys;
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      // The longest there is: each reuse saves a request to KMS, and the messages are commands, no secrets.
      dataKeyReuse: Duration.hours(24),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    } as const;
    // Each names the other, so one of them is named by its text.
    const queueName = `${stackName}-tasks`;
    const tasksArn = Stack.of(this).formatArn({ service: 'sqs', resource: queueName });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...encrypted,
      queueName: `${stackName}-dead-letters`,
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', tasksArn)],
      },
    });
    this.queue = new Queue(this, 'Tasks', {
      ...encrypted,
      queueName,
      retentionPeriod: Duration.days(1),
      visibilityTimeout: Duration.seconds(6 * workerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: queueRules.maxDeliveries },
    });
    acknowledge(this.deadLetters, {
      'Serverless-SQSRedrivePolicy': 'It is the dead-letter queue itself: its alarm and the redrive command follow.',
    });
  }

  grantSend(grantee: Grantee): void {
    allow(grantee, { sid: 'SendTasks', actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
    this.#keys.grantThroughQueue(grantee);
  }

  /** Taking work, as the service does that calls the function by its role, and deferring what cannot be done yet. */
  grantWork(grantee: Grantee): void {
    allow(grantee, {
      sid: 'WorkOffTasks',
      actions: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      resources: [this.queue.queueArn],
    });
    allow(grantee, { sid: 'BuryDeadLetters', actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] });
    this.#keys.grantThroughQueue(grantee);
  }

  /** Looking at dead letters and handing them out anew: they are sent first, then taken away. */
  grantRedrive(grantee: Grantee): void {
    allow(grantee, {
      sid: 'RedriveToTasks',
      actions: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
      resources: [this.queue.queueArn],
    });
    allow(grantee, {
      sid: 'ReadDeadLetters',
      actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resources: [this.deadLetters.queueArn],
    });
    this.#keys.grantThroughQueue(grantee);
  }
}
