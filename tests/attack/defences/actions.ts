import type { Defence } from './defence.ts';

export const actionsDefences: readonly Defence[] = [];
