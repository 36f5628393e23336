import { describe, expect, it } from 'vitest';
import { allAttacks } from './catalogue/all.ts';
import { tryAttack } from './catalogue/try-attack.ts';

describe.each(allAttacks.map((attack) => [attack.id, attack.title, attack] as const))(
  '%s: %s',
  (_id, _title, attack) => {
    it('is contained, and its harmless twin passes', async ({ skip }) => {
      const { contained, twin, told, missing } = await tryAttack(attack);
      // Named, and no more: an id that cannot be tried on any rung is a failure of `verify attacks`.
      if (missing !== undefined) skip(missing);
      expect({ contained, twin, told }).toEqual({ contained: true, twin: true, told });
    });
  },
);
