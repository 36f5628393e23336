import { EntropyError } from '../../domain/error.ts';
import { fullName } from '../../domain/repository.ts';
import type { ForgeLabels } from '../../ports/forge-labels.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';

const repository = '/repos/{owner}/{repo}';
const ofIssue = `${repository}/issues/{issue_number}/labels`;

export function createForgeLabels(api: GitHubApi): ForgeLabels {
  const all = async (): Promise<readonly string[]> => {
    const entries = await api.list({ route: `GET ${repository}/labels`, purpose: 'read the labels' });
    return entries.map((entry) => textIn(objectIn(entry, 'label'), 'name'));
  };
  return {
    all,

    // GitHub makes a label of any name that it is given: what the repository lacks is refused here.
    add: async (issue, labels) => {
      if (labels.length === 0) return;
      const known = new Set((await all()).map((name) => name.toLowerCase()));
      const unknown = labels.filter((name) => !known.has(name.toLowerCase()));
      if (unknown.length > 0) throw missing(api, unknown);
      await api.send({
        route: `POST ${ofIssue}`,
        params: { issue_number: issue, labels },
        purpose: `label issue #${issue}`,
      });
    },

    remove: async (issue, label) => {
      await api.send({
        route: `DELETE ${ofIssue}/{name}`,
        params: { issue_number: issue, name: label },
        purpose: `take the label ${label} off issue #${issue}`,
        // It is not on it, or is no label at all: off it is.
        expected: [404],
      });
    },

    create: async (label) => {
      const answer = await api.send({
        route: `POST ${repository}/labels`,
        params: { ...label },
        purpose: `create the label ${label.name}`,
        expected: [422],
      });
      if (answer.status === 201) return 'created';
      if (/already_exists/.test(JSON.stringify(answer.data))) return 'exists';
      throw new EntropyError({
        code: 'E200',
        message: `cannot create the label ${JSON.stringify(label.name)}: GitHub answered 422 ${JSON.stringify(answer.data).slice(0, 300)}`,
        fix: 'a name has at most 50 characters, a colour is six hexadecimal digits, a description has at most 100 characters',
      });
    },
  };
}

function missing(api: GitHubApi, names: readonly string[]): EntropyError {
  const told = names.map((name) => JSON.stringify(name)).join(', ');
  return new EntropyError({
    code: 'E202',
    message: `${fullName(api.repository)} has no label ${told}`,
    fix: 'create the label first: Issues → Labels → New label',
  });
}
