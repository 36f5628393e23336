import type { Defence } from './defence.ts';

export const triggerDefences: readonly Defence[] = [];
