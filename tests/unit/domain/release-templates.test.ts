import { expect, test } from 'vitest';
import { lostByGoingBack, retainedResources } from '../../../src/domain/release-templates.ts';

const table = (...indexes: readonly string[]) => ({
  Type: 'AWS::DynamoDB::Table',
  DeletionPolicy: 'Retain',
  Properties: { GlobalSecondaryIndexes: indexes.map((IndexName) => ({ IndexName })) },
});
const template = (Resources: Readonly<Record<string, unknown>>): string => JSON.stringify({ Resources });

test('a release that knows less of the data is told by what it would take away', () => {
  const newer = template({ Table: table('by-key', 'by-agent'), Audit: { Type: 'AWS::S3::Bucket' } });
  expect(lostByGoingBack(newer, template({ Table: table('by-key') }))).toEqual([
    'the index by-agent of Table is not in it',
    'AWS::S3::Bucket Audit is not in it',
  ]);
  expect(lostByGoingBack(newer, newer)).toEqual([]);
});

test('a release from before a restored table would begin with an empty one', () => {
  const newer = template({ Fn: { Type: 'AWS::Lambda::Function' } });
  expect(lostByGoingBack(newer, template({ Table: table() }))).toEqual([
    'AWS::DynamoDB::Table Table would be made new and empty',
  ]);
});

test('functions, alarms and rights come and go as they like', () => {
  const newer = template({ New: { Type: 'AWS::Lambda::Function' }, Alarm: { Type: 'AWS::CloudWatch::Alarm' } });
  expect(lostByGoingBack(newer, template({ Old: { Type: 'AWS::IAM::Role' } }))).toEqual([]);
});

test('what stays of a destroyed stack is what its template retains', () => {
  expect(retainedResources(template({ Table: table(), Queue: { Type: 'AWS::SQS::Queue' } }))).toEqual(['Table']);
  expect(retainedResources('{}')).toEqual([]);
});
