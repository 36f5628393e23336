import type { EvaluationIssue, IssueKind, IssueLanguage } from './evaluation-issue.ts';

/** Which issues are wanted; an empty list means all. */
export interface IssueChoice {
  readonly only: readonly string[];
  readonly languages: readonly IssueLanguage[];
  readonly kinds: readonly IssueKind[];
}

export const everyIssue: IssueChoice = { only: [], languages: [], kinds: [] };

type Sorted = Pick<EvaluationIssue, 'id' | 'language' | 'kind'>;

/** In the order in which they come; names that no issue has are told. */
export function chooseIssues<Issue extends Sorted>(
  issues: readonly Issue[],
  { only, languages, kinds }: IssueChoice,
): { readonly chosen: readonly Issue[]; readonly unknown: readonly string[] } {
  const ids = new Set(issues.map(({ id }) => id));
  const chosen = issues.filter(
    ({ id, language, kind }) =>
      (only.length === 0 || only.includes(id)) &&
      (languages.length === 0 || languages.includes(language)) &&
      (kinds.length === 0 || kinds.includes(kind)),
  );
  return { chosen, unknown: only.filter((id) => !ids.has(id)) };
}
