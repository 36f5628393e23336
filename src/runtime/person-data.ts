import { existsSync } from 'node:fs';
import { createFolderObjectStore } from '../adapters/filesystem/folder-object-store.ts';
import { openDatabase } from '../adapters/sqlite/database.ts';
import { createSqlitePersonalRecords } from '../adapters/sqlite/personal-records.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { EntropyError } from '../domain/error.ts';
import { type ErasureReport, type ErasureRoom, erasePerson } from '../flows/erase-person.ts';
import { exportPerson } from '../flows/export-person.ts';
import { type StackOutput, stackOutputs } from './aws/stack-outputs.ts';
import { objectFolderOf } from './file-objects.ts';

/** Where a person's data is: one state file, or one stack. */
export type DataPlace =
  | { readonly kind: 'local'; readonly stateFile: string }
  | { readonly kind: 'stack'; readonly stack: string; readonly region?: string; readonly profile?: string };

export interface PersonData extends AsyncDisposable {
  /** For people: `local store …/coordination.sqlite`, `stack entropy-playground in eu-central-1`. */
  readonly place: string;
  /** One JSON object a line. */
  export(login: string): AsyncIterable<string>;
  erase(login: string): Promise<ErasureReport>;
}

interface DataRoom extends ErasureRoom, AsyncDisposable {
  readonly place: string;
}

export async function openPersonData(place: DataPlace, signal: AbortSignal): Promise<PersonData> {
  const room = place.kind === 'local' ? openLocalData(place.stateFile) : await openStackData(place, signal);
  return {
    place: room.place,
    export: (login) => exportPerson(room, login, signal),
    erase: (login) => erasePerson(room, login, signal),
    [Symbol.asyncDispose]: () => room[Symbol.asyncDispose](),
  };
}

function openLocalData(stateFile: string): DataRoom {
  // Opening makes it, and a state that nobody has holds nothing of anybody.
  if (!existsSync(stateFile)) {
    throw new EntropyError({
      code: 'E102',
      message: `there is no state ${stateFile}`,
      fix: 'name the one that is meant with --state FILE, or a stack of AWS with --stack NAME',
    });
  }
  const clock = createSystemClock();
  const database = openDatabase({ path: stateFile, clock });
  const objects = createFolderObjectStore({ folder: objectFolderOf(stateFile) ?? `${stateFile}.objects`, clock });
  return {
    place: `local store ${stateFile}`,
    records: createSqlitePersonalRecords(database),
    // Lines in front of budgets are kept in a stack only.
    waiting: { leave: async () => false },
    artifacts: objects,
    audit: objects,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

async function openStackData(
  { stack, region: named, profile }: DataPlace & { readonly kind: 'stack' },
  signal: AbortSignal,
): Promise<DataRoom> {
  const { createS3ObjectStore } = await import('../adapters/aws/s3-object-store.ts');
  const { createStacks } = await import('../adapters/aws/stacks.ts');
  const { createDynamoPersonalRecords } = await import('../adapters/dynamodb/personal-records.ts');
  const { createDynamoWaitingList } = await import('../adapters/dynamodb/waiting-list.ts');
  const { personAwsAccess } = await import('./aws/aws-access.ts');
  const { awsRegion } = await import('./deploy/aws-region.ts');
  const { openDeployedTable } = await import('./deploy/deployed-table.ts');
  const clock = createSystemClock();
  const region = await awsRegion(named, profile);
  const access = personAwsAccess(clock, { ...(profile && { profile }), ...(region && { region }) });
  const { outputs } = (await createStacks(access).find(stack, signal)) ?? { outputs: {} };
  const output = (name: StackOutput): string => {
    const value = (outputs as Readonly<Record<string, string>>)[stackOutputs[name]];
    if (value !== undefined && value !== '') return value;
    throw new EntropyError({
      code: 'E760',
      message: `there is no stack ${stack} with our table in ${access.region}`,
      fix: 'name another one with --stack or --region',
    });
  };
  const { credentials } = access;
  const table = openDeployedTable({ tableName: output('table'), region: access.region, credentials, clock, signal });
  const artifacts = createS3ObjectStore({ access, bucket: output('artifactsBucket') });
  const audit = createS3ObjectStore({ access, bucket: output('auditBucket') });
  return {
    place: `stack ${stack} in ${access.region}`,
    records: createDynamoPersonalRecords(table, clock),
    waiting: createDynamoWaitingList(table),
    artifacts,
    audit,
    [Symbol.asyncDispose]: async () => {
      for (const opened of [table, artifacts, audit]) opened[Symbol.dispose]();
    },
  };
}
