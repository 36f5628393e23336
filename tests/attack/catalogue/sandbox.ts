import type { Attack } from './attack.ts';

export const sandboxAttacks: readonly Attack[] = [];
