import { EntropyError } from '../domain/error.ts';
import { parseWhole } from '../domain/quantity.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { CliIo } from './cli-io.ts';
import { readModel } from './model-option.ts';
import { readSettingOptions } from './setting-options.ts';
import { usage } from './usage-error.ts';

export interface GitHubIssue {
  readonly repository: RepositoryRef;
  readonly issue: number;
}

/** `--github octo/slug --issue 42`. Throws E100 for anything else. */
export function gitHubIssueOf({
  github = '',
  issue: typed = '',
}: {
  readonly github?: string;
  readonly issue?: string;
}): GitHubIssue {
  const repository = parseFullName(github);
  if (repository === undefined) throw usage(`--github ${github} is not owner/repo`, 'write it as on GitHub: octo/slug');
  const issue = parseWhole(typed, 1);
  if (issue === undefined) throw usage('--github needs the number of an issue', 'add --issue 42');
  return { repository, issue };
}

/** What a command works on GitHub with: its token, where GitHub is, the settings that were given, the model. Throws E201 without a token. */
export async function gitHubAccess(flags: object, io: CliIo) {
  const {
    githubTokenVariable: tokenVariable,
    githubApiUrl: apiUrl,
    githubServerUrl: serverUrl,
    settings,
  } = io.environment;
  if (tokenVariable === undefined) {
    throw new EntropyError({
      code: 'E201',
      message: 'there is no token for GitHub: neither GITHUB_TOKEN nor GH_TOKEN is set',
      fix: 'export GITHUB_TOKEN="$(gh auth token)"   (needs contents, issues and pull requests: write)',
    });
  }
  const given = readSettingOptions({ ...flags });
  const spec = given.values.model ?? settings.values.model;
  return {
    ...{ apiUrl, serverUrl, tokenVariable, layers: [settings, given] },
    ...(spec === undefined ? {} : { model: await readModel(spec, io) }),
  };
}
