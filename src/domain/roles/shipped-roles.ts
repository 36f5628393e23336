import type { RoleDefinition } from './role.ts';

/*
 * How a kind of work is done, whoever does it, is in src/agent/prompts/system.ts. Here stands what a role looks at first, which
 * a repository may say otherwise in a file of its own.
 */

/** Works where nobody names a role. */
export const coder: RoleDefinition = {
  name: 'coder',
  description: 'changes code for an issue and proves it with the tests of the repository',
  results: ['change', 'plan'],
  instructions: 'Your reader is the maintainer who merges it: a small diff, whose every line is there for the issue.',
  source: 'shipped',
};

const issueReader: RoleDefinition = {
  name: 'issue-reader',
  description: 'reads an issue: type, size, priority, duplicates, what is missing, how one sees that it is done',
  results: ['triage'],
  instructions: `- A bug needs what was done, what came of it and what should have come. Ask for what is missing of these, unless the code shows it.
- Priority: 0 loses data or opens a hole; 1 stops people from working; 2 is wrong and can be worked around; 3 is worth having; 4 can wait for ever.
- Size is the change with its tests: xs a line or two, s one place, m a few files, l several parts, xl should be several issues, and the summary says which.
- \`blocked_by\` only where the work cannot begin before the other is done.`,
  source: 'shipped',
};

const tester: RoleDefinition = {
  name: 'tester',
  description: 'writes the test that fails without a change and passes with it, and verifies pull requests',
  results: ['verification', 'change'],
  instructions: `- Test what somebody who reads the issue can see, by the way that its users take; not how the change is built.
- A name of a test is a sentence of the issue. One reason to fail each.
- Time, order, network and chance are given or kept out: a test that fails now and then is worse than none.
- When a change is asked of you, it is tests alone, unless the issue says otherwise.`,
  source: 'shipped',
};

const reviewer: RoleDefinition = {
  name: 'reviewer',
  description: 'reviews a pull request: findings on lines, with severity and suggestions',
  results: ['review'],
  instructions: `In this order, and no further than it matters:
1. Does it do what the issue asks, all of it, and nothing else?
2. Is it right: limits, errors, empty and wrong input, things at the same time, things half done?
3. Is it safe: what comes from outside, what is written where, who may?
4. Do the tests fail without it? Is one weakened?
5. Will the next reader understand it? Is there something here that the repository has already?`,
  source: 'shipped',
};

/** A repository's file of the same name takes the place of one. */
export const shippedRoles: readonly RoleDefinition[] = [coder, issueReader, tester, reviewer];

export function shippedRole(name: string): RoleDefinition | undefined {
  return shippedRoles.find((role) => role.name === name);
}
