import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';

export interface OwnAuthor {
  isOwnAuthor(author: string): Promise<boolean>;
  /** What was just written with this token is by this author. */
  learn(author: string): void;
}

/**
 * Whose token this is, as authors of comments are named. `GET /user` tells for a person's token and refuses a workflow's or
 * an App's; those write as `github-actions[bot]` or `<app>[bot]`, a name that no person can have. Which of them it is, the
 * first thing that is written tells. Whoever made the token for an App knows (`told`).
 */
export function createOwnAuthor(api: GitHubApi, told?: () => Promise<string>): OwnAuthor {
  let known: string | undefined;
  let asked: Promise<string | undefined> | undefined;
  const ask = async (): Promise<string | undefined> => {
    const answer = await api.send({ route: 'GET /user', purpose: 'read whose token this is', expected: [403] });
    return answer.status === 200 ? textIn(objectIn(answer.data, 'user'), 'login') : undefined;
  };
  return {
    learn: (author) => {
      known = author;
    },
    isOwnAuthor: async (author) => {
      if (known === undefined) {
        asked ??= told?.() ?? ask();
        known ??= await asked;
      }
      return known === undefined ? author.endsWith('[bot]') : author === known;
    },
  };
}
