export interface HookInfo {
  readonly id: number;
  readonly url: string;
  readonly events: readonly string[];
  readonly active: boolean;
  /** How the last delivery went; undefined before the first. */
  readonly lastStatus?: { readonly code: number; readonly text: string };
}

export interface HookSettings {
  readonly url: string;
  readonly events: readonly string[];
  /** GitHub signs every delivery with it; it never tells it again. */
  readonly secret: string;
}

export interface HookDeliveryInfo {
  readonly id: number;
  /** The same for every attempt at one delivery. */
  readonly guid: string;
  readonly event: string;
  readonly action?: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  readonly status: string;
  /** 0 when nothing answered. */
  readonly statusCode: number;
}

/** The webhooks of one repository. Needs a token that may administer it: a workflow's may not. */
export interface ForgeHooks {
  list(): Promise<readonly HookInfo[]>;
  create(settings: HookSettings): Promise<HookInfo>;
  update(id: number, settings: HookSettings): Promise<HookInfo>;
  delete(id: number): Promise<'deleted' | 'missing'>;
  /** Newest first, at most so many; GitHub keeps them for some days. */
  deliveries(id: number, limit: number): Promise<readonly HookDeliveryInfo[]>;
  /** Asks GitHub to send one again; it keeps its `guid`. GitHub never does so by itself. */
  redeliver(id: number, delivery: number): Promise<'accepted' | 'missing'>;
}
