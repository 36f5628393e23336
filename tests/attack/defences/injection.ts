import type { Defence } from './defence.ts';

export const injectionDefences: readonly Defence[] = [];
