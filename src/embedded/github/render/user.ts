import type { Account } from '../state/accounts.ts';
import type { World } from '../world.ts';

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`0:${kind.length}:${kind}${id}`).toString('base64url');
}

/** OpenAPI `simple-user`, also the webhooks' `user`. */
export function renderUser({ apiUrl, webUrl }: World, account: Account) {
  const url = `${apiUrl}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('User', account.id),
    avatar_url: `${webUrl}/_avatars/${account.id}.svg`,
    gravatar_id: '',
    url,
    html_url:
      account.type === 'Bot' ? `${webUrl}/apps/${account.login.replace('[bot]', '')}` : `${webUrl}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** OpenAPI `public-user`: what `GET /users/{username}` and `GET /user` answer. */
export function renderPublicUser(world: World, account: Account) {
  return {
    ...renderUser(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: world.store.repositories().filter((each) => each.owner === account && !each.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** Who somebody is to a repository, beside what they write. */
export function renderNullableUser(world: World, account: Account | null | undefined) {
  return account === null || account === undefined ? null : renderUser(world, account);
}
