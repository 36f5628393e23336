import type { Attack } from './attack.ts';

export const walletAttacks: readonly Attack[] = [];
