import { ulid } from 'ulid';
import type { AwsAccess } from '../../adapters/aws/aws-access.ts';
import { createKmsAppKey } from '../../adapters/aws/kms-app-key.ts';
import { createKmsMessageSealer } from '../../adapters/aws/kms-message-sealer.ts';
import { createS3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { createSignedCall, kmsService } from '../../adapters/aws/signed-call.ts';
import { createSqsTaskQueue, type SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { createDynamoBudgetStore } from '../../adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../adapters/dynamodb/claim-store.ts';
import { createDynamoCursorStore } from '../../adapters/dynamodb/cursor-store.ts';
import { type DynamoTable, openDynamoTable } from '../../adapters/dynamodb/dynamo-table.ts';
import { createDynamoIdempotencyStore } from '../../adapters/dynamodb/idempotency-store.ts';
import { createDynamoBudgetRecount } from '../../adapters/dynamodb/recount-budget.ts';
import { createDynamoRunStore } from '../../adapters/dynamodb/run-store.ts';
import { createDynamoSealedTokenStore } from '../../adapters/dynamodb/sealed-token-store.ts';
import { createDynamoTaskStore } from '../../adapters/dynamodb/task-store.ts';
import { createDynamoWaitingList } from '../../adapters/dynamodb/waiting-list.ts';
import type { AppKey } from '../../ports/app-key.ts';
import type { BudgetRecount } from '../../ports/budget-recount.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CursorStore } from '../../ports/cursor-store.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { MessageSealer } from '../../ports/message-sealer.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { SealedTokenStore } from '../../ports/sealed-token-store.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { WaitingList } from '../../ports/waiting-list.ts';
import type { SettingsOf } from './aws-settings.ts';

/** What dispatcher, sweeper and API share: the stack's table, queue, bucket and keys. */
export interface StackStores {
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  readonly recount: BudgetRecount;
  readonly waiting: WaitingList;
  readonly heard: IdempotencyStore;
  readonly cursors: CursorStore;
  readonly tokens: SealedTokenStore;
  readonly objects: ObjectStore;
  readonly queue: SqsTaskQueue;
  readonly key: AppKey;
  readonly sealer: MessageSealer;
}

export interface StackAccess {
  readonly aws: AwsAccess;
  /** DynamoDB Local; absent: AWS itself. */
  readonly tableEndpoint?: string;
  /** For stand-ins that are slower than DynamoDB. */
  readonly tableTimeoutMs?: number;
}

/** Opened by its first use. */
export function openStackTable(
  { table }: { readonly table: string },
  { aws, tableEndpoint, tableTimeoutMs }: StackAccess,
): DynamoTable {
  return openDynamoTable({
    tableName: table,
    clock: aws.clock,
    credentials: aws.credentials,
    ...(aws.region !== undefined && { region: aws.region }),
    ...(tableEndpoint !== undefined && { endpoint: tableEndpoint }),
    ...(tableTimeoutMs !== undefined && { requestTimeoutMs: tableTimeoutMs }),
  });
}

/** Everything is opened by its first use: a function that is only loaded talks to nobody. */
export function openStackStores(
  settings: SettingsOf<'dispatcher'> | SettingsOf<'sweeper'> | SettingsOf<'api'>,
  access: StackAccess,
  table: DynamoTable = openStackTable(settings, access),
): StackStores {
  const { aws } = access;
  const { clock } = aws;
  const kms = createSignedCall(aws, kmsService);
  return {
    clock,
    newId: () => ulid(clock.now()),
    tasks: createDynamoTaskStore(table, clock),
    runs: createDynamoRunStore(table, clock),
    claims: createDynamoClaimStore(table, clock),
    budgets: createDynamoBudgetStore(table, clock),
    recount: createDynamoBudgetRecount(table),
    waiting: createDynamoWaitingList(table),
    heard: createDynamoIdempotencyStore(table),
    cursors: createDynamoCursorStore(table),
    tokens: createDynamoSealedTokenStore(table),
    objects: createS3ObjectStore({ access: aws, bucket: settings.artifactsBucket }),
    queue: createSqsTaskQueue({ access: aws, queueUrl: settings.queueUrl, deadLetterUrl: settings.deadLetterQueueUrl }),
    key: createKmsAppKey(kms, settings.appKeyId),
    sealer: createKmsMessageSealer(kms, settings.sealingKeyId),
  };
}
