import type { Defence } from './defence.ts';

export const sandboxDefences: readonly Defence[] = [];
