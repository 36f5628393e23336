/** Parts of GitHub's payloads, complete as its published schemas want them; `payloads.ts` puts them together. */
export type Json = Readonly<Record<string, unknown>>;

export interface Place {
  readonly api: string;
  readonly web: string;
  readonly owner: string;
  readonly name: string;
}

export const octoSlug: Place = {
  api: 'https://api.github.com',
  web: 'https://github.com',
  owner: 'octo',
  name: 'slug',
};

export function apiOf({ api, owner, name }: Place): string {
  return `${api}/repos/${owner}/${name}`;
}

export function user(login: string, { api, web }: Place = octoSlug, type = 'User'): Json {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: 1_000 + login.length,
    node_id: 'MDQ6VXNlcjE=',
    avatar_url: `https://avatars.githubusercontent.com/u/${1_000 + login.length}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

const repositoryPaths = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repository(place: Place): Json {
  const { web, owner, name } = place;
  const url = apiOf(place);
  const html = `${web}/${owner}/${name}`;
  const addresses = Object.entries(repositoryPaths).map(([field, path]) => [field, `${url}${path}`]);
  return {
    id: 35_129_377,
    node_id: 'MDEwOlJlcG9zaXRvcnkzNTEyOTM3Nw==',
    name,
    full_name: `${owner}/${name}`,
    private: false,
    owner: user(owner, place, 'Organization'),
    html_url: html,
    description: 'Turns titles into addresses that people can read',
    fork: false,
    url,
    ...Object.fromEntries(addresses),
    created_at: '2024-05-05T23:40:12Z',
    updated_at: '2026-11-20T08:12:40Z',
    pushed_at: '2026-11-20T08:12:38Z',
    git_url: `git://github.com/${owner}/${name}.git`,
    ssh_url: `git@github.com:${owner}/${name}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: 'https://octo.example/slug',
    size: 1_284,
    stargazers_count: 412,
    watchers_count: 412,
    language: 'TypeScript',
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: true,
    forks_count: 31,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 23,
    license: {
      key: 'mit',
      name: 'MIT License',
      spdx_id: 'MIT',
      url: 'https://api.github.com/licenses/mit',
      node_id: 'MDc6TGljZW5zZTEz',
    },
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: ['slug', 'unicode', 'urls'],
    visibility: 'public',
    forks: 31,
    open_issues: 23,
    watchers: 412,
    default_branch: 'main',
    custom_properties: {},
  };
}

export function label(name: string, place: Place = octoSlug): Json {
  return {
    id: 5_000 + name.length,
    node_id: 'MDU6TGFiZWw1MDAw',
    url: `${apiOf(place)}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'fbca04',
    default: false,
    description: `About ${name}`,
  };
}

export function milestone(title: string, place: Place = octoSlug): Json {
  const url = `${apiOf(place)}/milestones/3`;
  return {
    url,
    html_url: `${place.web}/${place.owner}/${place.name}/milestone/3`,
    labels_url: `${url}/labels`,
    id: 1_002_604,
    node_id: 'MDk6TWlsZXN0b25lMTAwMjYwNA==',
    number: 3,
    title,
    description: 'What we said we would have by spring',
    creator: user('mona', place),
    open_issues: 4,
    closed_issues: 8,
    state: 'open',
    created_at: '2026-08-10T20:09:31Z',
    updated_at: '2026-11-03T18:56:01Z',
    due_on: '2027-03-31T23:39:01Z',
    closed_at: null,
  };
}

export function reactions(url: string): Json {
  const none = { '+1': 3, '-1': 0, laugh: 0, hooray: 0, confused: 1, heart: 0, rocket: 0, eyes: 2 };
  return { url: `${url}/reactions`, total_count: 6, ...none };
}
