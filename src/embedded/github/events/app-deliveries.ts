import type { App } from '../identity/apps.ts';
import { covers } from '../identity/apps.ts';
import { nodeId } from '../render/user.ts';
import type { GitHubEvent } from '../state/github-event.ts';
import type { Repository } from '../state/repository-state.ts';
import { type DeliveryContext, deliver, listens } from './webhook-delivery.ts';

/** Tells the Apps that are installed on the repository; the payload names the installation, as only an App's does. */
export function deliverToApps(
  context: DeliveryContext,
  { apps, repository }: { readonly apps: readonly App[]; readonly repository: Repository },
  event: GitHubEvent,
): void {
  for (const { hook, installations } of apps) {
    if (!listens(hook, event.name)) continue;
    const installation = installations.find((each) => each.suspendedAt === null && covers(each, repository));
    if (installation === undefined) continue;
    const told = { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) };
    void deliver(context, hook, { ...event, payload: { ...event.payload, installation: told } });
  }
}

export function appsListen(apps: readonly App[], repository: Repository, name: string): boolean {
  return apps.some(
    ({ hook, installations }) => listens(hook, name) && installations.some((each) => covers(each, repository)),
  );
}
