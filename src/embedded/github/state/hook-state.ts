import type { GitHubEvent } from './github-event.ts';

/** A webhook: of one repository, or that of a GitHub App, which hears of all repositories where the App is installed. */
export interface Hook {
  readonly id: number;
  /** X-GitHub-Hook-Installation-Target-Type and -ID. */
  readonly target: { readonly type: 'repository' | 'integration'; readonly id: number };
  active: boolean;
  events: string[];
  url: string;
  secret: string | undefined;
  contentType: 'json' | 'form';
  readonly createdAt: string;
  updatedAt: string;
  /** Newest first. */
  readonly deliveries: HookDelivery[];
}

/** One attempt at one event. */
export interface HookDelivery {
  readonly id: number;
  readonly sent: GitHubEvent;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly durationSeconds: number;
  readonly statusCode: number;
  readonly status: string;
  /** Only an App's hook is told. */
  readonly installation: number | null;
  readonly repository: number | null;
  readonly request: { readonly headers: Readonly<Record<string, string>> };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly body: string | null };
}
