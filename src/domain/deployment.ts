/** What is known of a deployment and can be read back from nowhere, or not cheaply. Never a secret. */
export interface Deployment {
  readonly schema: 1;
  readonly stack: string;
  /** Of AWS; twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly app?: DeployedApp;
  readonly tableName?: string;
  readonly webhookUrl?: string;
  readonly apiUrl?: string;
  /** Version of the webhook secret that is being rolled out: put or about to be, and GitHub not told of it yet. */
  readonly rotation?: string;
  /** In the order in which they were deployed. */
  readonly releases: readonly Release[];
}

export interface DeployedApp {
  readonly id: number;
  readonly slug: string;
  /** Its public page: `https://github.com/apps/<slug>`. */
  readonly page: string;
  /** Organisation or person that it belongs to. */
  readonly owner: string;
  /** The number of that owner; absent: an earlier version wrote this down. */
  readonly ownerId?: number;
}

/** One synthesised stack that was deployed, with its functions: kept, so that it can be deployed again. */
export interface Release {
  /** `0.1.0-3f2a91c-20261121T154500Z`: version, commit, moment. */
  readonly id: string;
  readonly version: string;
  readonly commit: string;
  /** ISO 8601; undefined: it was begun and its end was not seen. */
  readonly deployedAt?: string;
}

export const stepNames = [
  'machine',
  'account',
  'bootstrap',
  'app',
  'settings',
  'stack',
  'webhook-secret',
  'app-key',
  'register',
  'admin-key',
] as const;
export type StepName = (typeof stepNames)[number];

/** The release that counts: the last one whose end was seen. */
export function currentRelease({ releases }: Pick<Deployment, 'releases'>): Release | undefined {
  return releases.findLast(({ deployedAt }) => deployedAt !== undefined);
}

/** The release as begun, put in the place of an earlier beginning of the same one. */
export function withRelease(deployment: Deployment, release: Release): Deployment {
  const others = deployment.releases.filter(({ id }) => id !== release.id);
  return { ...deployment, releases: [...others, release] };
}
