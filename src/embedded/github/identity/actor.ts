import type { Account } from '../state/accounts.ts';
import type { AppIdentity } from '../state/issue-state.ts';
import type { Permissions } from './permissions.ts';

/** On whose behalf a request acts. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly account: Account }
  /** A job's GITHUB_TOKEN (`startsWorkflows` false) or an App's installation token (true): bound to repositories. */
  | {
      readonly kind: 'installation';
      readonly account: Account;
      readonly app: AppIdentity;
      readonly installationId: number;
      /** Full names in lower case; undefined is all that the installation's owner has. */
      readonly repositories: ReadonlySet<string> | undefined;
      readonly owner: string;
      readonly permissions: Permissions;
      readonly startsWorkflows: boolean;
    }
  /** An App by its own JWT: may ask about itself and make installation tokens, nothing else. */
  | { readonly kind: 'app'; readonly appId: number };

/** For logs and limits: who, never the token. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'user':
      return actor.account.login;
    case 'installation':
      return `${actor.account.login} (${actor.startsWorkflows ? 'installation' : 'job'} token)`;
    case 'app':
      return `app ${actor.appId}`;
    default:
      return actor satisfies never;
  }
}

/** The Apps that people may mean when an action is done through a token. */
export function actingApp(actor: Actor): AppIdentity | null {
  return actor.kind === 'installation' ? actor.app : null;
}
