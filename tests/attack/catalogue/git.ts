import type { Attack } from './attack.ts';

export const gitAttacks: readonly Attack[] = [];
