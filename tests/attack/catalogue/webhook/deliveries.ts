import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { dispatchScene, installation } from '../../../fakes/dispatch-scene.ts';
import { labeled } from '../../../fakes/payloads/payloads.ts';
import { delivered } from '../../webhook/cases.ts';
import { judgeAddresses, judgeInstallation, judgeReplay } from '../../webhook/judge.ts';
import { memoryFunctionDoor } from '../../webhook/memory-door.ts';
import { type Attack, type Containment, contained, escaped, hindered, type Passage, passed } from '../attack.ts';

/** From the door to what the dispatcher makes of it. */
export const deliveryAttacks: readonly Attack[] = [
  {
    id: 'W2',
    title: 'an overheard delivery is sent again under other ids and as another event',
    attack: async () => {
      await using scene = await dispatchScene();
      return judged(
        await judgeReplay(memoryFunctionDoor(), scene, scene.stores.heard),
        'nothing was done a second time',
      );
    },
    twin: answered,
  },
  {
    id: 'W6',
    title: 'every address in a payload leads into the machine',
    attack: async () => judged(await judgeAddresses(memoryFunctionDoor()), 'no address of it was asked or kept'),
    twin: async () => {
      const door = memoryFunctionDoor();
      const status = await door.knock(delivered(labeled()));
      return status === 202 && (await door.taken()) === 1 ? passed('queued') : hindered(`answered ${status}`);
    },
  },
  {
    id: 'W7',
    title:
      'a signed delivery names an installation that does not cover its repository, or an owner that does not count',
    attack: async () => {
      await using scene = await dispatchScene();
      return judged(await judgeInstallation(memoryFunctionDoor(), scene), 'not believed');
    },
    twin: answered,
  },
];

function judged(problems: readonly string[], how: string): Containment {
  return problems.length === 0 ? contained(how) : escaped(problems.join('; '));
}

async function answered(signal: AbortSignal): Promise<Passage> {
  await using scene = await dispatchScene();
  const door = memoryFunctionDoor();
  await scene.comment(await scene.openIssue(), '/agent help');
  const told = scene.github.events.findLast(({ name }) => name === 'issue_comment');
  const payload = { ...told?.payload, installation: { id: installation } };
  await door.knock(delivered({ event: 'issue_comment', payload }));
  const [first] = await door.receive();
  if (first === undefined) return hindered('it was not queued');
  const message = { deliveries: 1, isLast: false, workId: first.bodySha256, lockMs: 60_000 };
  const taken = await takeDelivery(scene.room(), { ...first, receivedAt: scene.clock.now() }, message, signal);
  return taken.kind === 'done' && taken.what === 'answered' ? passed('answered') : hindered(JSON.stringify(taken));
}
