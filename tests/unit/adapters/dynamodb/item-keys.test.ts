import { describe, expect, it } from 'vitest';
import { agentShards, heldShard, humanShard } from '../../../../src/adapters/dynamodb/item-keys.ts';

describe('the partition of a held claim', () => {
  it('is the same for ever: keys that are stored depend on it', () => {
    const keys = ['github/octo/slug/issues/1', 'github/octo/slug/issues/2', 'locks/release-train'];
    expect(keys.map((key) => heldShard(key, 'agent'))).toMatchInlineSnapshot(`
      [
        "agent/7",
        "agent/2",
        "agent/6",
      ]
    `);
    expect(heldShard('locks/release-train', 'human')).toBe(humanShard);
  });

  it('spreads the issues of one repository', () => {
    const count = new Map(agentShards.map((shard) => [shard, 0]));
    for (let issue = 1; issue <= 8_000; issue += 1) {
      const shard = heldShard(`github/octo/slug/issues/${issue}`, 'agent');
      count.set(shard, (count.get(shard) ?? 0) + 1);
    }
    expect([...count.keys()].sort()).toEqual([...agentShards]);
    for (const claims of count.values()) expect(Math.abs(claims - 1_000)).toBeLessThan(150);
  });
});
