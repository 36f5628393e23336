import { createHash } from 'node:crypto';
import type { ChangeSet, ChangeSetMember } from '../../domain/change-set/change-set.ts';
import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import { type RequestNames, requestNames } from '../../domain/dispatch/request-names.ts';
import { deliveryTraceparent } from '../../domain/dispatch/traceparent.ts';

/** What a member's run is called; the same however often and by whomever it is asked. */
export function memberNames(set: ChangeSet, member: ChangeSetMember): RequestNames {
  return requestNames({ receivedAt: set.openedAt, bodySha256: digestOf(set, member) }, 0);
}

/**
 * The request for a member's run, as another program would send it: the gate of that repository asks itself whether the person may,
 * and whoever waits in a line is asked for again from it.
 */
export function memberDelivery(
  set: ChangeSet,
  member: ChangeSetMember & { readonly issue: number },
  installation: number,
): QueuedDelivery {
  return requestTo({ member, installation, openedAt: set.openedAt }, digestOf(set, member), {
    login: set.askedBy,
    command: set.command,
  });
}

/** The request that ends that run, by whoever stopped the set. */
export function stopDelivery(
  set: ChangeSet,
  member: ChangeSetMember & { readonly issue: number },
  { installation, login }: { readonly installation: number; readonly login: string },
): { readonly delivery: QueuedDelivery; readonly names: RequestNames } {
  const bodySha256 = digestOf(set, member, 'stop');
  const asked = { member, installation, openedAt: set.openedAt };
  return {
    delivery: requestTo(asked, bodySha256, { login, command: 'stop' }),
    names: requestNames({ receivedAt: set.openedAt, bodySha256 }, 0),
  };
}

function requestTo(
  {
    member,
    installation,
    openedAt,
  }: {
    readonly member: ChangeSetMember & { readonly issue: number };
    readonly installation: number;
    readonly openedAt: number;
  },
  bodySha256: string,
  { login, command }: { readonly login: string; readonly command: string },
): QueuedDelivery {
  return {
    kind: 'delivery',
    schema: 1,
    delivery: `change-set-${bodySha256.slice(0, 32)}`,
    event: 'repository_dispatch',
    bodySha256,
    receivedAt: openedAt,
    traceparent: deliveryTraceparent(bodySha256),
    installation,
    payload: {
      action: 'entropy-agent',
      repository: { full_name: member.repository },
      sender: { login, type: 'User' },
      client_payload: { issue: member.issue, command },
    },
  };
}

function digestOf(set: ChangeSet, { repository, tries }: ChangeSetMember, ...what: readonly string[]): string {
  const name = [set.repository, set.issue, set.openedAt, repository, tries, ...what].join('\n').toLowerCase();
  return createHash('sha256').update(name).digest('hex');
}
