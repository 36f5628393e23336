import { describe, expect, test } from 'vitest';
import { defaultBudget } from '../../../src/domain/budget.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { ceilingOf } from '../../../src/domain/coordination/run-amounts.ts';
import { claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

const acquire = '/v1/claims/acquire';
const amounts = { ...nothing, microUsd: 300_000 };
/** As somebody asks who would rather not be counted. */
const elsewhere = { draws: [{ key: 'repository/octo/slug/day/2001-01-01', caps: {} }], amounts };
const allScopes = [
  'issue/octo/slug/1',
  'repository/octo/slug',
  expect.stringMatching(/^repository\/octo\/slug\/day\/(?!2001)/),
  'organisation/octo',
  expect.stringMatching(/^organisation\/octo\/day\/(?!2001)/),
];

function reservedBy(it: Scene, key: string) {
  return it.coordination.claims.read(key).then((record) => record?.reservation);
}

describe('the claim of an agent', () => {
  test.each([
    ['any repository', {}],
    ['one repository', { repositories: ['octo/slug'] }],
  ])(
    'draws from the budgets that the coordinator names, for the key of an operator of %s that leaves them out',
    async (_, limit) => {
      await using it = coordinatorScene();
      const body = claimOf(1, 'a');
      expect((await it.ask('POST', acquire, { token: await it.key('operator', limit), body })).status).toBe(200);
      expect(await reservedBy(it, body.key)).toEqual({ keys: allScopes, amounts: ceilingOf(defaultBudget) });
    },
  );

  test('draws from them too when its key names others, and as much as it says', async () => {
    await using it = coordinatorScene();
    const body = { ...claimOf(1, 'a'), reserve: elsewhere };
    expect((await it.ask('POST', acquire, { token: await it.key('operator'), body })).status).toBe(200);
    expect(await reservedBy(it, body.key)).toEqual({ keys: allScopes, amounts });
    expect(await it.coordination.budgets.read('repository/octo/slug/day/2001-01-01')).toBeUndefined();
  });

  test('is refused with its figures when a budget does not cover it', async () => {
    await using it = coordinatorScene();
    await it.coordination.budgets.setCaps('repository/octo/slug', { runs: 1 }, 'system');
    const token = await it.key('operator');
    expect((await it.ask('POST', acquire, { token, body: claimOf(1, 'a') })).status).toBe(200);
    const refused = await it.ask('POST', acquire, { token, body: claimOf(2, 'b') });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'E730', refusal: { kind: 'over-budget', shortage: { limit: 'runs', cap: 1 } } },
    });
    expect(await it.coordination.claims.read(claimOf(2, 'b').key)).toBeUndefined();
  });

  test('draws what an admin says, also nothing', async () => {
    await using it = coordinatorScene();
    const token = await it.key('admin');
    expect((await it.ask('POST', acquire, { token, body: claimOf(1, 'a') })).status).toBe(200);
    expect(await reservedBy(it, claimOf(1, 'a').key)).toBeUndefined();
    const named = { ...claimOf(2, 'b'), reserve: { draws: [{ key: 'organisation/octo', caps: {} }], amounts } };
    expect((await it.ask('POST', acquire, { token, body: named })).status).toBe(200);
    expect(await reservedBy(it, named.key)).toEqual({ keys: ['organisation/octo'], amounts });
  });

  test('draws nothing for a lock that belongs to no issue', async () => {
    await using it = coordinatorScene();
    const body = { ...claimOf(1, 'a'), key: 'locks/deploy' };
    expect((await it.ask('POST', acquire, { token: await it.key('operator'), body })).status).toBe(200);
    expect(await reservedBy(it, body.key)).toBeUndefined();
  });
});

test('the claim of a person draws nothing, whatever its key says', async () => {
  await using it = coordinatorScene();
  const { holder, ...claim } = claimOf(1, 'a');
  const body = { ...claim, holder: { ...holder, kind: 'human' }, reserve: elsewhere };
  expect((await it.ask('POST', acquire, { token: await it.key('operator'), body })).status).toBe(200);
  expect(await reservedBy(it, body.key)).toBeUndefined();
});
