import type { Attack } from './attack.ts';

export const modelOutputAttacks: readonly Attack[] = [];
