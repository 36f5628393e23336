import type { Attack } from './attack.ts';
import { fileAttacks } from './sandbox/files.ts';
import { flowAttacks } from './sandbox/flow.ts';
import { powerAttacks } from './sandbox/powers.ts';
import { processAttacks } from './sandbox/processes.ts';

export const sandboxAttacks: readonly Attack[] = [...fileAttacks, ...processAttacks, ...powerAttacks, ...flowAttacks];
