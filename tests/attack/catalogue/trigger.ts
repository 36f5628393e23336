import type { Attack } from './attack.ts';

export const triggerAttacks: readonly Attack[] = [];
