import type { FunctionName } from '../src/runtime/aws/aws-names.ts';
import { archiverPartitions } from '../src/runtime/aws/table-definition.ts';
import type { CoordinationTable } from './constructs/coordination-table.ts';
import type { EncryptionKeys } from './constructs/encryption-keys.ts';
import type { StackFunction } from './constructs/stack-function.ts';
import type { StoredFiles } from './constructs/stored-files.ts';
import type { TaskQueue } from './constructs/task-queue.ts';
import type { WebhookSecret } from './constructs/webhook-secret.ts';

interface Resources {
  readonly keys: EncryptionKeys;
  readonly table: CoordinationTable;
  readonly tasks: TaskQueue;
  readonly files: StoredFiles;
  readonly secret: WebhookSecret;
}

/** Where in its bucket each kind of file lies. */
export const filePrefixes = { runs: 'runs', activity: 'activity' } as const;

/** Who may do what, on one screen; what calls a function (queue, stream) adds its own in callers.ts. */
export function grantAll(functions: Readonly<Record<FunctionName, StackFunction>>, resources: Resources): void {
  const { keys, table, tasks, files, secret } = resources;
  const { webhook, dispatcher, api, sweeper, archiver } = functions;

  // The one that anybody may call holds next to nothing.
  secret.grantRead(webhook);
  tasks.grantSend(webhook);

  for (const grantee of [dispatcher, api, sweeper]) {
    table.grantReadWrite(grantee);
    files.artifacts.grantRead(grantee, filePrefixes.runs);
    keys.grantSignAsApp(grantee);
    keys.grantSeal(grantee);
  }
  for (const grantee of [dispatcher, api]) files.artifacts.grantPut(grantee, filePrefixes.runs);
  for (const grantee of [api, sweeper]) tasks.grantRedrive(grantee);

  // It reads what lies in lines and in the log, and writes the log alone: no claim, no budget, no task.
  table.grantReadItems(archiver);
  table.grantPutItems(archiver, archiverPartitions);
  files.audit.grantPut(archiver, filePrefixes.activity);
  files.audit.grantRead(archiver, filePrefixes.activity);
  tasks.grantSend(archiver);
}
