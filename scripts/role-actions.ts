/**
 * Writes `actions/<role>/action.yml` of the actions of one role from the coder's: the same bundle, which answers for that role
 * alone. `--check` fails on drift and writes nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface RoleAction {
  readonly role: string;
  readonly description: string;
  readonly icon: string;
}

export const roleActions: readonly RoleAction[] = [
  {
    role: 'reviewer',
    description:
      'Reviews pull requests in one trusted job: those that are opened or pushed to, and those with `/agent review`.',
    icon: 'eye',
  },
  {
    role: 'tester',
    description: 'Verifies pull requests with a test of its own, in one trusted job, after `/agent test`.',
    icon: 'check-circle',
  },
  {
    role: 'issue-reader',
    description: 'Triages issues in one trusted job: those that are opened, and those with `/agent triage`.',
    icon: 'book-open',
  },
];

/** Of what only a change of code has. */
const ofChanges = [
  'base-branch',
  'allowed-paths',
  'protected-paths',
  'unprotected-paths',
  'draft',
  'command',
  'issue',
  'title',
  'branch',
  'pull-request',
];

export function roleActionText(coder: string, { role, description, icon }: RoleAction): string {
  const kept = ofChanges.reduce(
    (text, name) => once(text, [[new RegExp(`^ {2}${name}:\\n(?: {4}.*\\n)+`, 'm'), '']]),
    coder,
  );
  const input = `  role:
    description: "The role that this action works in; leave it as it is"
    required: false
    default: "${role}"
`;
  return once(kept, [
    [/^name: .*$/m, `name: "Entropy Playground: ${role}"`],
    [/^description: .*$/m, `description: "${description}"`],
    [/^ {2}icon: .*$/m, `  icon: ${icon}`],
    [/^outputs:$/m, `${input}outputs:`],
    [/^/, '# Generated from actions/coder/action.yml by `node scripts/role-actions.ts`.\n'],
  ]);
}

function once(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!from.test(changed)) throw new Error(`actions/coder/action.yml no longer has ${from}`);
    return changed.replace(from, () => to);
  }, text);
}

if (import.meta.main) {
  const coder = readFileSync(`${root}actions/coder/action.yml`, 'utf8');
  for (const action of roleActions) {
    const file = `${root}actions/${action.role}/action.yml`;
    const text = roleActionText(coder, action);
    const before = read(file);
    if (text === before) continue;
    if (process.argv.includes('--check')) {
      console.error(`actions/${action.role}/action.yml is not what the coder's says`);
      process.exitCode = 1;
    } else {
      mkdirSync(`${root}actions/${action.role}`, { recursive: true });
      writeFileSync(file, text);
    }
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not written yet.
    return undefined;
  }
}
