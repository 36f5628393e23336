import { describe, expect, it } from 'vitest';
import { toAttributes } from '../../../../src/adapters/dynamodb/attribute-values.ts';
import { eventsOfChange } from '../../../../src/adapters/dynamodb/stream-events.ts';

const claim = { pk: 'CLAIM#locks/a', sk: 'CLAIM', schema: 1, key: 'locks/a' };

describe('events of a change in the table', () => {
  it('are none for budgets and effects: the claim that moves them tells of it', () => {
    const budget = toAttributes({ pk: 'BUDGET#organisation/octo', sk: 'BUDGET', runs: 1 });
    const effect = toAttributes({ pk: 'CLAIM#locks/a', sk: 'EFFECT#merge', fence: 1 });
    expect(eventsOfChange({ before: budget, after: budget })).toEqual([]);
    expect(eventsOfChange({ after: effect })).toEqual([]);
  });

  it('are not made up when somebody deleted a claim: its fence would begin anew', () => {
    expect(() => eventsOfChange({ before: toAttributes(claim) })).toThrow('CLAIM#locks/a was deleted');
  });

  it('are not made up from an item that is no claim', () => {
    expect(() => eventsOfChange({ after: toAttributes({ ...claim, state: 'stolen' }) })).toThrow('is no claim');
  });
});
