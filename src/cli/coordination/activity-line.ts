import { formatUsd } from '../../domain/budget.ts';
import type { ActivityEvent, FoundRecord } from '../../domain/coordination/activity.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { utcStamp } from '../moments.ts';
import type { Paint } from '../paint.ts';
import { padTo, terminalLine } from '../terminal-text.ts';

/** `08:30:05  octo/slug#42  coder/01JD…  claim acquired, fence 3`: one line for one event, in UTC. */
export function activityLine(
  event: ActivityEvent,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const time = utcStamp(event.at).slice(11);
  const about = event.task === undefined ? '' : shortClaimName(event.task);
  const [aboutWidth, actorWidth] = width >= 100 ? [28, 24] : [20, 16];
  const head = `${paint.faint(time)}  ${padTo(terminalLine(about, aboutWidth), aboutWidth)}  ${padTo(terminalLine(event.actor, actorWidth), actorWidth)}  `;
  const room = Math.max(16, width - 8 - 2 - aboutWidth - 2 - actorWidth - 2);
  return `${head}${terminalLine(changeText(event), room)}`;
}

function changeText({ change }: ActivityEvent): string {
  switch (change.type) {
    case 'claim.acquired':
      return `claimed, fence ${change.claim.fence}: ${change.claim.holder.reason}`;
    case 'claim.stolen':
      return `claimed after ${change.from.runId}, fence ${change.claim.fence}`;
    case 'claim.taken-over':
      return `taken over${change.from === undefined ? '' : ` from ${change.from.runId}`}, fence ${change.claim.fence}`;
    case 'claim.renewed':
      return `claim extended, fence ${change.fence}`;
    case 'claim.released':
      return `claim released, fence ${change.fence}`;
    case 'claim.effect':
      return `writes to GitHub: ${change.effect}`;
    case 'budget.reserved':
      return `reserved ${formatUsd(change.reservation.amounts.microUsd)} USD`;
    case 'budget.settled':
      return `spent ${formatUsd(change.spent.microUsd)} of ${formatUsd(change.reservation.amounts.microUsd)} USD`;
    case 'budget.limited':
      return `limits of ${change.scope} set`;
    case 'task.mirrored':
      return `${change.issue.forgeState} on GitHub: ${change.issue.title}`;
    case 'task.moved':
      return `${words(change.from)} → ${words(change.to)}${change.facts.reason === undefined ? '' : `: ${change.facts.reason}`}`;
    case 'task.changed':
      return change.facts.stage ?? 'facts changed';
    case 'dependency.added':
      return `${words(change.dependency.kind)} ${shortClaimName(change.dependency.to)}`;
    case 'dependency.removed':
      return `no longer ${words(change.dependency.kind)} ${shortClaimName(change.dependency.to)}`;
    case 'run.opened':
      return `run ${change.run.id} opened, attempt ${change.run.attempt}`;
    case 'run.moved':
      return `run ${words(change.to)}${change.facts.reason === undefined ? '' : `: ${change.facts.reason}`}`;
    case 'run.changed': {
      const { progress } = change.facts;
      return progress === undefined
        ? 'run alive'
        : `${progress.stage}${progress.text === undefined ? '' : `: ${progress.text}`}`;
    }
    case 'run.stop-requested':
      return `stop asked for by ${change.by}: ${change.reason}`;
    case 'message.sent':
      return `${change.message.type} to ${change.message.to}`;
    case 'state.restored':
      return `the state was restored from a backup; fences go on above ${change.floor}`;
    case 'state.found':
      return `found as it is: ${change.found.kind} ${foundName(change.found)}; how it came to be so was not told`;
    default:
      return change satisfies never;
  }
}

function foundName(found: FoundRecord): string {
  switch (found.kind) {
    case 'claim':
      return shortClaimName(found.claim.key);
    case 'budget':
      return found.budget.key;
    case 'task':
      return shortClaimName(found.task.key);
    case 'run':
      return found.run.id;
    default:
      return found satisfies never;
  }
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
