import type { Attack } from './attack.ts';

export const webhookAttacks: readonly Attack[] = [];
