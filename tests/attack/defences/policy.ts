import type { Defence } from './defence.ts';

export const policyDefences: readonly Defence[] = [
  {
    id: 'policy-commands',
    promise: 'What the policy says of a command is all that counts for it: who is not named may not give it.',
    file: 'src/domain/actor-policy.ts',
    find: 'const written = who[command];',
    replace: "const written = command === 'approve' ? who[command] : undefined;",
    noticedBy: ['U1'],
  },
  {
    id: 'policy-teams-that-are-seen',
    promise: 'Who cannot be seen to be in a team is not in it.',
    file: 'src/flows/judge-sender.ts',
    find: "if (told === 'member')",
    replace: "if (told !== 'no-member')",
    noticedBy: ['U1'],
  },
  {
    id: 'policy-safe-as-a-whole',
    promise: 'Settings that are unsafe together start nothing, wherever each of them was given.',
    file: 'src/runtime/checked-settings.ts',
    find: 'refuseProblems(problems, ',
    replace: 'refuseProblems(problems.slice(problems.length), ',
    noticedBy: ['U1'],
  },
  {
    id: 'policy-tools',
    promise: 'A tool that the policy leaves out is neither offered to the model nor done when it is called.',
    file: 'src/agent/toolbox.ts',
    find: 'if (policy === undefined) return tools;',
    replace: 'if (policy !== null) return tools;',
    noticedBy: ['M1'],
  },
];
