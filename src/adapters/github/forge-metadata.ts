import { EntropyError } from '../../domain/error.ts';
import { fullName } from '../../domain/repository.ts';
import type { ForgeMetadata } from '../../ports/forge-metadata.ts';
import { readIssue } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, memberOf, objectIn, textIn } from './json-reader.ts';

const repository = '/repos/{owner}/{repo}';
const oneIssue = `${repository}/issues/{issue_number}`;

interface Milestone {
  readonly number: number;
  readonly title: string;
}

export function createForgeMetadata(api: GitHubApi): ForgeMetadata {
  const open = async (): Promise<readonly Milestone[]> => {
    const params = { state: 'open' };
    const entries = await api.list({ route: `GET ${repository}/milestones`, params, purpose: 'read the milestones' });
    return entries.map((entry) => {
      const milestone = objectIn(entry, 'milestone');
      return { number: integerIn(milestone, 'number'), title: textIn(milestone, 'title') };
    });
  };
  return {
    milestones: async () => (await open()).map(({ title }) => title),

    read: async (issue) => {
      const answer = await api.send({
        route: `GET ${oneIssue}`,
        params: { issue_number: issue },
        purpose: `read issue #${issue}`,
      });
      const { title, state } = readIssue(answer.data);
      const milestone = memberOf(memberOf(answer.data, 'milestone'), 'title');
      return { title, state, milestone: typeof milestone === 'string' ? milestone : '' };
    },

    write: async (issue, { title, milestone, state }) => {
      const number =
        milestone === undefined ? undefined : (await open()).find((each) => each.title === milestone)?.number;
      if (milestone !== undefined && number === undefined) throw missing(api, milestone);
      await api.send({
        route: `PATCH ${oneIssue}`,
        params: {
          issue_number: issue,
          ...(title !== undefined && { title }),
          ...(number !== undefined && { milestone: number }),
          ...(state !== undefined && { state, state_reason: 'not_planned' }),
        },
        purpose: `edit issue #${issue}`,
      });
    },
  };
}

function missing(api: GitHubApi, title: string): EntropyError {
  return new EntropyError({
    code: 'E202',
    message: `${fullName(api.repository)} has no open milestone ${JSON.stringify(title)}`,
    fix: 'create the milestone first: Issues → Milestones → New milestone',
  });
}
