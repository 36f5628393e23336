import type { Defence } from './defence.ts';

export const gitDefences: readonly Defence[] = [];
