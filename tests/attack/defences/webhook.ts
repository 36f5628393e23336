import type { Defence } from './defence.ts';

export const webhookDefences: readonly Defence[] = [];
