/**
 * What nobody needs more of, and what keeps one repository from filling the state of all. Limits that an operator may want
 * otherwise are budgets (`repository/<owner>/<repo>/locks`), not these.
 */
export const quotas = {
  /** In one line: at five starts a wake nobody's turn comes within a day behind so many, and each has a place that is kept and read. */
  lineOfBudget: 500,
  /** Of these from one repository: others draw from the organisation's budget too, and have a turn. */
  lineOfRepository: 100,
} as const;
