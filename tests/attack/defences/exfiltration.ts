import type { Defence } from './defence.ts';

export const exfiltrationDefences: readonly Defence[] = [];
