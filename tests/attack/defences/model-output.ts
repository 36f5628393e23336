import type { Defence } from './defence.ts';

export const modelOutputDefences: readonly Defence[] = [];
