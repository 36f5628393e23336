import type { Attack } from './attack.ts';

export const exfiltrationAttacks: readonly Attack[] = [];
