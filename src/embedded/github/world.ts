import type { Clock } from '../../ports/clock.ts';
import type { Events } from './events/events.ts';
import type { DeliveryContext } from './events/webhook-delivery.ts';
import type { RateLimits } from './http/rate-limits.ts';
import type { AppManifests } from './identity/app-manifests.ts';
import type { Apps } from './identity/apps.ts';
import type { Tokens } from './identity/tokens.ts';
import type { IdTokens } from './oidc/id-tokens.ts';
import type { WorkflowRuns } from './runs/workflow-runs.ts';
import type { Store } from './state/store.ts';

/** What every route can reach. One per server; nothing here is global. */
export interface World {
  readonly clock: Clock;
  /** Where people look, without a slash at the end. */
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly store: Store;
  readonly tokens: Tokens;
  readonly apps: Apps;
  readonly manifests: AppManifests;
  readonly limits: RateLimits;
  readonly events: Events;
  readonly deliveries: DeliveryContext;
  readonly runs: WorkflowRuns;
  readonly idTokens: IdTokens;
}
