import type { GitHubApi } from './api.ts';
import { memberOf, objectIn, textIn } from './json-reader.ts';

export interface OwnAuthor {
  isOwnAuthor(author: string): Promise<boolean>;
  /** What was just written with this token is by this author. */
  learn(author: string): void;
}

const viewerQuery = 'query{viewer{login}}';

/** Who writes with the token that a job is given. */
const jobAuthor = 'github-actions[bot]';

/**
 * Whose token this is, as authors of comments are named. `GET /user` tells for a person's token and refuses a workflow's or
 * an App's, for which GraphQL tells it. Where that is refused as well it counts as a job's own token, until the first thing that
 * is written tells: other Apps comment too, and nothing of theirs may ever pass for ours. Whoever made the token for an App
 * knows (`told`).
 */
export function createOwnAuthor(api: GitHubApi, told?: () => Promise<string>): OwnAuthor {
  let known: string | undefined;
  let asked: Promise<string> | undefined;
  return {
    learn: (author) => {
      known = author;
    },
    isOwnAuthor: async (author) => {
      if (known === undefined) {
        asked ??= told?.() ?? ask(api);
        const answer = await asked;
        known ??= answer;
      }
      return author === known;
    },
  };
}

async function ask(api: GitHubApi): Promise<string> {
  const purpose = 'read whose token this is';
  const user = await api.send({ route: 'GET /user', purpose, expected: [403] });
  if (user.status === 200) return textIn(objectIn(user.data, 'user'), 'login');
  const params = { query: viewerQuery };
  const { data } = await api.send({
    route: 'POST /graphql',
    params,
    purpose,
    expected: [400, 401, 403, 404, 405, 422],
  });
  const login = memberOf(memberOf(memberOf(data, 'data'), 'viewer'), 'login');
  return typeof login === 'string' && login !== '' ? login : jobAuthor;
}
