import type { QueryField, ValueKind } from './field.ts';

const github = (name: string, takes: ValueKind, about: string, example: string): QueryField => ({
  name,
  takes,
  answeredBy: 'github',
  about,
  example,
});

const choice = (name: string, values: readonly string[], about: string, example: string): QueryField => ({
  ...github(name, 'choice', about, example),
  choices: Object.fromEntries(values.map((value) => [value, 'github'])),
});

const elsewhere = (name: string, takes: ValueKind, about: string, example: string): QueryField => ({
  ...github(name, takes, about, example),
  answeredBy: 'nobody',
});

/** What GitHub's search knows and the mirror does not. */
export const githubFields: readonly QueryField[] = [
  choice('reason', ['completed', 'not planned', 'duplicate', 'reopened'], 'why it was closed', 'reason:"not planned"'),
  choice('linked', ['pr', 'issue'], 'linked by a closing reference', 'linked:pr'),
  github('mentions', 'person', 'who is mentioned', 'mentions:octocat'),
  github('team', 'word', 'a team that is mentioned', 'team:octo/owners'),
  github('commenter', 'person', 'who commented', 'commenter:@me'),
  github('involves', 'person', 'author, assignee, mentioned or commenter', 'involves:octocat'),
  { ...github('project', 'word', 'a project, by its number', 'project:octo/57'), any: true },
  choice('status', ['pending', 'success', 'failure'], "the head commit's status", 'status:failure'),
  github('head', 'word', 'branch of a pull request', 'head:change'),
  github('base', 'word', 'branch that it is merged into', 'base:main'),
  github('language', 'word', "the repository's language", 'language:typescript'),
  github('interactions', 'count', 'reactions and comments together', 'interactions:>2000'),
  github('reactions', 'count', 'how many reactions it has', 'reactions:500..1000'),
  choice('draft', ['true', 'false'], 'drafts of pull requests', 'draft:false'),
  choice('review', ['none', 'required', 'approved', 'changes_requested'], 'state of its review', 'review:approved'),
  github('reviewed-by', 'person', 'who reviewed it', 'reviewed-by:octocat'),
  github('review-requested', 'person', 'whose review is asked for', 'review-requested:octocat'),
  github('user-review-requested', 'person', 'who is asked directly', 'user-review-requested:@me'),
  github('team-review-requested', 'word', 'a team that is asked', 'team-review-requested:octo/docs'),
  github('merged', 'date', 'when it was merged', 'merged:>=2026-05-01'),
  choice('archived', ['true', 'false'], 'whether the repository is archived', 'archived:false'),
  { ...github('parent-issue', 'word', 'what it is a sub-issue of', 'parent-issue:octo/slug#7'), any: true },
  { ...github('field.', 'free', 'a field that an organisation has defined', 'field.priority:high'), any: true },
  elsewhere('stars', 'count', 'of repositories', 'stars:>1000'),
  elsewhere('topics', 'count', 'of repositories', 'topics:>=5'),
  elsewhere('size', 'count', 'of files', 'size:<10000'),
  elsewhere('pushed', 'date', 'of repositories', 'pushed:<2026-07-05'),
];
