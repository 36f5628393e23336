import { createDynamoBudgetStore } from '../../src/adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import { archivedLog } from '../fakes/dynamo-archiver.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { activityLogContract } from './activity-log.contract.ts';
import { overDynamo } from './dynamodb.fixture.ts';

overDynamo(dynamoDbLocal, (server) => {
  activityLogContract('the log in DynamoDB', async (clock) => {
    const table = await dynamoTestTable(server(), clock);
    const opened = table.open();
    return {
      claims: createDynamoClaimStore(opened, waiting(clock)),
      budgets: createDynamoBudgetStore(opened, waiting(clock)),
      activity: archivedLog(server(), table, clock),
      [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
    };
  });
});
