import type { Defence } from './defence.ts';

export const walletDefences: readonly Defence[] = [];
