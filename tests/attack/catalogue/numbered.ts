import { allAttacks } from './all.ts';
import type { Attack } from './attack.ts';

export interface NumberedAttack {
  /** `S2#3`: the third of that id. */
  readonly name: string;
  readonly attack: Attack;
}

/** All attacks in their order, each with a name of its own. */
export const numberedAttacks: readonly NumberedAttack[] = allAttacks.map((attack, at) => ({
  name: `${attack.id}#${allAttacks.slice(0, at + 1).filter(({ id }) => id === attack.id).length}`,
  attack,
}));
