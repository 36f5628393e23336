import { expect, test } from 'vitest';
import { parseSettings } from '../../../cdk/parse-settings.ts';
import { synthesise } from '../../fakes/synthesised-stack.ts';
import { resourcesOf } from '../../fakes/template-values.ts';

const streamArn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/entropy-restored/stream/2026-11-21T15:45:00.000';

test('a stack with a restored table has none of its own, and reads, writes and follows that one', () => {
  const { template } = synthesise({ settings: { tableStreamArn: streamArn } });
  expect(resourcesOf(template, 'AWS::DynamoDB::Table')).toEqual([]);
  const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  expect(sources).toContainEqual(expect.objectContaining({ EventSourceArn: streamArn }));
  expect(template.Outputs?.['TableName']).toMatchObject({ Value: 'entropy-restored' });
  const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(policies).toContain('"arn:aws:dynamodb:eu-central-1:123456789012:table/entropy-restored"');
  expect(policies).toContain('table/entropy-restored/index/by-key');
});

test('what is no stream of a table is refused before anything is made', () => {
  const sources = [{ name: 'entropy.stack.json', values: { tableStreamArn: 'entropy-restored' } }];
  expect(() => parseSettings(sources)).toThrow(/tableStreamArn/);
});

test('another generation of the App key is another key, empty again', () => {
  const idsOf = (settings: Readonly<Record<string, unknown>>): readonly string[] =>
    resourcesOf(synthesise({ settings }).template, 'AWS::KMS::Key')
      .filter(([, { Properties }]) => Properties?.['Origin'] === 'EXTERNAL')
      .map(([id]) => id);
  const [first] = idsOf({});
  const second = idsOf({ appKeyGeneration: 2 });
  expect(second).toHaveLength(1);
  expect(second).not.toContain(first);
});
