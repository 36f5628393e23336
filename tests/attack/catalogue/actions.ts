import type { Attack } from './attack.ts';

export const actionsAttacks: readonly Attack[] = [];
