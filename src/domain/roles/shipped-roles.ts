import type { RoleDefinition } from './role.ts';

/** Works where nobody names a role. */
export const coder: RoleDefinition = {
  name: 'coder',
  description: 'changes code for an issue and proves it with the tests of the repository',
  results: ['change', 'plan'],
  instructions: '',
  source: 'shipped',
};

/** A repository's file of the same name takes the place of one. */
export const shippedRoles: readonly RoleDefinition[] = [
  coder,
  {
    name: 'issue-reader',
    description: 'reads an issue: type, size, priority, duplicates, what is missing, how one sees that it is done',
    results: ['triage'],
    instructions: '',
    source: 'shipped',
  },
  {
    name: 'tester',
    description: 'writes the test that fails without a change and passes with it, and verifies pull requests',
    results: ['verification', 'change'],
    instructions: '',
    source: 'shipped',
  },
  {
    name: 'reviewer',
    description: 'reviews a pull request: findings on lines, with severity and suggestions',
    results: ['review'],
    instructions: '',
    source: 'shipped',
  },
];

export function shippedRole(name: string): RoleDefinition | undefined {
  return shippedRoles.find((role) => role.name === name);
}
