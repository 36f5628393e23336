import { webhookCases } from '../webhook/cases.ts';
import type { Attack } from './attack.ts';
import { deliveryAttacks } from './webhook/deliveries.ts';
import { atTheDoors } from './webhook/doors.ts';

export const webhookAttacks: readonly Attack[] = [...webhookCases.map(atTheDoors), ...deliveryAttacks];
