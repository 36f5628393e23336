import type { KeyObject } from 'node:crypto';
import type { CallerIdentity } from '../../adapters/aws/caller-identity.ts';
import type { AppKeyImport } from '../../adapters/aws/import-app-key.ts';
import type { SecretVersions } from '../../adapters/aws/secret-versions.ts';
import type { Stacks } from '../../adapters/aws/stacks.ts';
import type { AppSettings } from '../../adapters/github/app-settings.ts';
import type { NewApp } from '../../adapters/github/convert-manifest.ts';
import type { AppOwner } from '../../domain/github-app.ts';
import type { ApiKeyStore } from '../../ports/api-key-store.ts';
import type { AppKey } from '../../ports/app-key.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeploymentFiles } from './deployment-files.ts';

/** The clone that the stack is made from. An installed package has neither the CDK nor the app that it runs. */
export type Clone =
  | { readonly kind: 'clone'; readonly root: string; readonly commit: string }
  | { readonly kind: 'none'; readonly reason: string; readonly fix: string };

/** Everything that a deployment reads and changes outside of itself; the real one is `open-deploy-world.ts`. */
export interface DeployWorld extends Disposable {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `24.21.0` */
  readonly nodeVersion: string;
  readonly clone: Clone;
  readonly region: string | undefined;
  readonly files: DeploymentFiles;
  identity(): Promise<CallerIdentity>;
  bootstrapVersion(): Promise<number | undefined>;
  /** Runs it in the clone, its output on stderr; gives its exit code. No secret may be in `args`: anybody can list them. */
  cdk(args: readonly string[]): Promise<number>;
  readonly stacks: Stacks;
  readonly secrets: SecretVersions;
  readonly keyImport: AppKeyImport;
  /** The App's key where it is after the import. */
  appKey(keyId: string): AppKey;
  /** GitHub, signed in as the App with whatever signs for it. */
  asApp(app: { readonly id: number; readonly slug: string }, key: AppKey): AppSettings;
  /** Has a person make the App in the browser. */
  makeApp(wishes: { readonly owner: AppOwner; readonly name: string }): Promise<NewApp>;
  readPrivateKey(file: string): Promise<KeyObject>;
  apiKeys(tableName: string): ApiKeyStore;
  /** One request to the deployment itself; a lost one is status 0 with the reason as text. */
  request(url: string, init?: RequestToSelf): Promise<{ readonly status: number; readonly text: string }>;
  /** Waiting messages of a queue. */
  queueDepth(queueUrl: string): Promise<number>;
}

export interface RequestToSelf {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
