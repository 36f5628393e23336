import type { WebhookCase } from '../../webhook/cases.ts';
import { coordinatorDoor, type Door, type Sent } from '../../webhook/door.ts';
import { memoryFunctionDoor } from '../../webhook/memory-door.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

/** A case of the webhook as an attack of the catalogue: at the function's door and, where it can be tried there, the coordinator's. */
export function atTheDoors({ id, title, attack, twin, doors }: WebhookCase): Attack {
  return {
    id,
    title: `a delivery with ${title}`,
    attack: async () => {
      const opened = await knockAtAll(doors, attack, (status, taken) => taken > 0 || status < 400 || status >= 500);
      if (isPolluted()) return escaped('every object of the process was changed');
      return opened.length === 0 ? contained('refused, nothing was queued') : escaped(opened.join('; '));
    },
    twin: async () => {
      const closed = await knockAtAll(doors, twin, (status, taken) => taken !== 1 || status >= 300);
      return closed.length === 0 ? passed('taken in once') : hindered(closed.join('; '));
    },
  };
}

async function knockAtAll(
  doors: WebhookCase['doors'],
  sent: Sent,
  isWrong: (status: number, taken: number) => boolean,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const open of doors === 'both' ? [memoryFunctionDoor, coordinatorDoor] : [memoryFunctionDoor]) {
    await using door: Door = open();
    const status = await door.knock(sent);
    const taken = await door.taken();
    if (isWrong(status, taken)) wrong.push(`${door.name} answered ${status} and took in ${taken}`);
  }
  return wrong;
}

function isPolluted(): boolean {
  return 'polluted' in {};
}
