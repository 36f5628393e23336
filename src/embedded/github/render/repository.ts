import type { Actor } from '../identity/actor.ts';
import { allows } from '../identity/permissions.ts';
import { type Repository, type Role, repositoryFullName, roleAtLeast, roleOf } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { nodeId, renderUser } from './user.ts';

export function repositoryApiUrl(world: World, repository: Repository): string {
  return `${world.apiUrl}/repos/${repositoryFullName(repository)}`;
}

export function repositoryWebUrl(world: World, repository: Repository): string {
  return `${world.webUrl}/${repositoryFullName(repository)}`;
}

/** The addresses that every form of a repository carries. */
function addresses(world: World, repository: Repository) {
  const url = repositoryApiUrl(world, repository);
  const html = repositoryWebUrl(world, repository);
  return {
    url,
    html_url: html,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

/** The repository inside of a webhook's `workflow_run`: who it is, and its addresses. */
export function renderLiteRepository(world: World, repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repositoryFullName(repository),
    private: repository.private,
    owner: renderUser(world, repository.owner),
    description: repository.description,
    fork: false,
    ...addresses(world, repository),
  };
}

/** The webhooks' `repository`: their schema allows nothing more. */
export function renderWebhookRepository(world: World, repository: Repository) {
  const html = repositoryWebUrl(world, repository);
  const open = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    ...renderLiteRepository(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `${html}.git`,
    ssh_url: `git@${new URL(world.webUrl).hostname}:${repositoryFullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? ('private' as const) : ('public' as const),
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** OpenAPI `repository`, `minimal-repository` and, with the counts, `full-repository`. */
export function renderRepository(world: World, repository: Repository, actor?: Actor) {
  return {
    ...renderWebhookRepository(world, repository),
    ...(actor === undefined ? {} : { permissions: permissionsOf(repository, actor) }),
  };
}

export function renderFullRepository(world: World, repository: Repository, actor: Actor) {
  return {
    ...renderRepository(world, repository, actor),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: repository.merging.autoMerge,
    allow_update_branch: true,
    delete_branch_on_merge: false,
    network_count: 0,
    subscribers_count: 0,
  };
}

function permissionsOf(repository: Repository, actor: Actor) {
  const is = (role: Role) => actor.kind === 'user' && roleAtLeast(roleOf(repository, actor.account.login), role);
  const has = (level: 'read' | 'write') =>
    actor.kind === 'installation' && allows(actor.permissions, 'contents', level);
  return {
    admin: is('admin'),
    maintain: is('maintain'),
    push: is('write') || has('write'),
    triage: is('triage') || has('write'),
    pull: is('read') || has('read') || !repository.private,
  };
}
