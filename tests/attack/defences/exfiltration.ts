import type { Defence } from './defence.ts';
import { networkDefences } from './network.ts';

export const exfiltrationDefences: readonly Defence[] = [...networkDefences];
