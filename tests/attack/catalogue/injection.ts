import type { Attack } from './attack.ts';

export const injectionAttacks: readonly Attack[] = [];
