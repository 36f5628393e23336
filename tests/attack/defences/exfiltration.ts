import type { Defence } from './defence.ts';
import { networkDefences } from './network.ts';
import { secretDefences } from './secrets.ts';

export const exfiltrationDefences: readonly Defence[] = [...networkDefences, ...secretDefences];
