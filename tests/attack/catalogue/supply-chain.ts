import type { Attack } from './attack.ts';

export const supplyChainAttacks: readonly Attack[] = [];
