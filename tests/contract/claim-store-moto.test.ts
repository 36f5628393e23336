import { moto } from '../fakes/dynamodb-server.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import { dynamoClaims, overDynamo } from './dynamodb.fixture.ts';

overDynamo(moto, (endpoint) => {
  claimStoreContract('the store in DynamoDB', (clock) => dynamoClaims(endpoint(), clock));
});
