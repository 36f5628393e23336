import { describe, expect, it } from 'vitest';
import { allAttacks } from './catalogue/all.ts';
import { tryAttack } from './catalogue/try-attack.ts';

describe.each(allAttacks.map((attack) => [attack.id, attack.title, attack] as const))(
  '%s: %s',
  (_id, _title, attack) => {
    it('is contained, and its harmless twin passes', async ({ skip }) => {
      const { contained, twin, told, missing } = await tryAttack(attack);
      if (missing !== undefined && process.env['CI'] === undefined) skip(missing);
      expect({ contained, twin, told, missing }).toMatchObject({ contained: true, twin: true });
    });
  },
);
