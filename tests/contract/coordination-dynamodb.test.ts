import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { dependenciesContract } from './dependencies.contract.ts';
import { openDynamo, overDynamo } from './dynamodb.fixture.ts';
import { mailboxContract } from './mailbox.contract.ts';
import { replayContract } from './replay.contract.ts';
import { runStoreContract } from './run-store.contract.ts';
import { taskStoreContract } from './task-store.contract.ts';

/** Over HTTP each run of a property takes ten times as long as in a file. */
const fewer = 6;

overDynamo(dynamoDbLocal, (endpoint) => {
  const name = 'the store in DynamoDB';
  const open = openDynamo(dynamoDbLocal, endpoint);
  taskStoreContract(name, open);
  dependenciesContract(name, open, fewer);
  runStoreContract(name, open);
  mailboxContract(name, open);
  replayContract(name, open, fewer);
});
