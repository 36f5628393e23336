import { moto } from '../fakes/dynamodb-server.ts';
import { dynamoContract } from './dynamodb.fixture.ts';

dynamoContract(moto);
