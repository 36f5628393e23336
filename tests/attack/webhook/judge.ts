import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readForgeEvent } from '../../../src/adapters/github/forge-event.ts';
import type { QueuedDelivery } from '../../../src/domain/dispatch/queued-message.ts';
import type { DispatchRoom } from '../../../src/flows/dispatch/dispatch-room.ts';
import { takeDelivery } from '../../../src/flows/dispatch/take-delivery.ts';
import type { IdempotencyStore } from '../../../src/ports/idempotency-store.ts';
import { type DispatchScene, installation } from '../../fakes/dispatch-scene.ts';
import { octoSlug } from '../../fakes/payloads/payload-parts.ts';
import { commented, labeled } from '../../fakes/payloads/payloads.ts';
import { delivered, type WebhookCase } from './cases.ts';
import type { Door, FunctionDoor, Sent } from './door.ts';

/** What is wrong with how a door dealt with a case, in words; empty: the attack was kept out and its twin let in. */
export async function judge(door: Door, { title, attack, twin }: WebhookCase): Promise<readonly string[]> {
  const problems: string[] = [];
  const refused = await door.knock(attack);
  if (refused < 400 || refused >= 500) problems.push(`${door.name}: "${title}" was answered with ${refused}`);
  if ((await door.taken()) !== 0) problems.push(`${door.name}: "${title}" was taken in`);
  const welcome = await door.knock(twin);
  if (welcome !== 200 && welcome !== 202)
    problems.push(`${door.name}: the twin of "${title}" was refused with ${welcome}`);
  if ((await door.taken()) !== 1) problems.push(`${door.name}: the twin of "${title}" was not taken in once`);
  return [...problems, ...pollution(title)];
}

function pollution(title: string): readonly string[] {
  return 'polluted' in {} || 'polluted' in Object.prototype ? [`"${title}" changed every object of the process`] : [];
}

/** W2: what was overheard is sent again under other ids and another event. It does nothing a second time; another body does. */
export async function judgeReplay(
  door: FunctionDoor,
  scene: DispatchScene,
  heard: IdempotencyStore,
): Promise<readonly string[]> {
  const issue = await scene.openIssue();
  const said = await scene.comment(issue, '/agent help');
  const event = scene.github.events.findLast(({ name }) => name === 'issue_comment');
  if (event === undefined) throw new Error(`no event beside the delivery ${said.delivery}`);
  const payload = { ...event.payload, installation: { id: installation } };
  const first = delivered({ event: 'issue_comment', payload });
  const again = (name: string, headers: Readonly<Record<string, string>>): Sent => ({
    ...first,
    headers: { ...first.headers, 'x-github-delivery': name, ...headers },
  });
  const room = scene.room({ heard });
  const follow = async (sent: Sent): Promise<readonly string[]> => {
    await door.knock(sent);
    return dispatch(scene, room, await door.receive());
  };
  const seen = {
    first: await follow(first),
    underAnotherId: await follow(again('overheard-1', {})),
    underAThirdId: await follow(again('overheard-2', {})),
    // As an issue's event it would say that the issue was deleted or moved: it is not even queued.
    asAnotherEvent: await follow(again('overheard-3', { 'x-github-event': 'issues' })),
    anotherBody: await follow(delivered({ event: 'issue_comment', payload })),
  };
  const expected = {
    first: ['answered'],
    underAnotherId: ['heard-before'],
    underAThirdId: ['heard-before'],
    asAnotherEvent: [],
    anotherBody: ['answered'],
  };
  return JSON.stringify(seen) === JSON.stringify(expected) ? [] : [`replays: ${JSON.stringify(seen)}`];
}

/** What the dispatcher makes of deliveries, each of which came a second after the one before by the scene's own clock. */
async function dispatch(
  scene: DispatchScene,
  room: DispatchRoom,
  deliveries: readonly QueuedDelivery[],
): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const delivery of deliveries) {
    scene.clock.advance(1_000);
    const came = { ...delivery, receivedAt: scene.clock.now() };
    const message = { deliveries: 1, isLast: false, workId: delivery.bodySha256, lockMs: 60_000 };
    const taken = await takeDelivery(room, came, message, AbortSignal.timeout(60_000));
    outcomes.push(taken.kind === 'done' ? taken.what : taken.kind === 'dropped' ? taken.why : taken.kind);
  }
  return outcomes;
}

/** W6: every address of the payload leads into the machine. Nothing of it is asked, nor kept. */
export async function judgeAddresses(door: FunctionDoor): Promise<readonly string[]> {
  let asked = 0;
  const trap = createServer((_request, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  try {
    const address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const inside = { ...octoSlug, api: `${address}/latest/meta-data`, web: address };
    const { event, payload } = labeled('agent', {}, inside);
    await door.knock(delivered({ event, payload }));
    await door.knock(delivered(labeled()));
    const received = await door.receive();
    const problems = received.length === 2 ? [] : [`${received.length} of two deliveries were queued`];
    const kept = JSON.stringify(received);
    if (kept.includes('127.0.0.1') || kept.includes('http')) problems.push('an address of the payload was queued');
    const issues = received.map(({ event: name, payload: cut }) => readForgeEvent({ event: name, payload: cut }));
    if (new Set(issues.map((issue) => JSON.stringify(issue))).size !== 1)
      problems.push('the addresses changed what was read');
    if (asked > 0) problems.push(`${asked} requests went to addresses of the payload`);
    return problems;
  } finally {
    trap.closeAllConnections();
    await new Promise((resolve) => trap.close(resolve));
  }
}

/** W7: signed, but of an installation that does not cover the repository. Its twin is of the one that does. */
export async function judgeInstallation(door: FunctionDoor, scene: DispatchScene): Promise<readonly string[]> {
  const issue = await scene.openIssue();
  await scene.comment(issue, '/agent help');
  const event = scene.github.events.findLast(({ name }) => name === 'issue_comment');
  const outcomes: string[] = [];
  for (const id of [installation + 1, installation]) {
    await door.knock(delivered({ event: 'issue_comment', payload: { ...event?.payload, installation: { id } } }));
    outcomes.push(...(await dispatch(scene, scene.room(), await door.receive())));
  }
  await door.knock(delivered(commented('/agent fix', 'created')));
  const foreign = { ...octoSlug, owner: 'others' };
  await door.knock(delivered(labeled('agent', {}, foreign)));
  const taken = await door.receive();
  return [
    ...(outcomes.join() === 'not-believable,answered' ? [] : [`installations: ${outcomes.join()}`]),
    ...(taken.length === 1 ? [] : [`${taken.length} deliveries were queued where one is of an owner that counts`]),
  ];
}
