import type { AppParts } from '../app-options.ts';
import type { Metrics } from '../metrics.ts';
import type { AnyRoute } from '../route.ts';
import { activityRoutes } from './activity.ts';
import { artifactRoutes } from './artifacts.ts';
import { budgetRoutes } from './budgets.ts';
import { claimRoutes } from './claims.ts';
import { dependencyRoutes } from './dependencies.ts';
import { dispatchRoutes } from './dispatch.ts';
import { keyRoutes } from './keys.ts';
import { messageRoutes } from './messages.ts';
import { objectRoutes } from './objects.ts';
import { queueRoutes } from './queue.ts';
import { runRoutes } from './runs.ts';
import { serviceRoutes } from './service.ts';
import { taskRoutes } from './tasks.ts';
import { webhookRoute } from './webhook.ts';

/** A handler for each endpoint of the protocol; fixed paths of a method stand before those with parameters. */
export function createRoutes(parts: AppParts, metrics: Metrics): readonly AnyRoute[] {
  return [
    ...claimRoutes(parts),
    ...taskRoutes(parts),
    ...dependencyRoutes(parts),
    ...runRoutes(parts),
    ...artifactRoutes(parts),
    ...dispatchRoutes(parts),
    ...budgetRoutes(parts),
    ...messageRoutes(parts),
    ...activityRoutes(parts),
    ...keyRoutes(parts),
    ...queueRoutes(parts),
    ...objectRoutes(parts),
    webhookRoute(parts),
    ...serviceRoutes(parts, metrics),
  ];
}
