import type { Defence } from './defence.ts';

export const supplyChainDefences: readonly Defence[] = [];
