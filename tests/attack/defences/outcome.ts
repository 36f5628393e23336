import type { Defence } from './defence.ts';

export const outcomeDefences: readonly Defence[] = [
  {
    id: 'merges-taken-back',
    promise: 'A head that GitHub was asked to merge is merged as itself alone: nothing goes on top of it unasked.',
    file: 'src/flows/deliver-continuation.ts',
    find: 'const merging = await run.forge.takeBackMerge(pullRequest);',
    replace: "const merging: string = 'not-asked';",
    noticedBy: ['M7'],
  },
  {
    id: 'stages-before-merges',
    promise: 'The step of a team asks for no merge: the stages that look come first.',
    file: 'src/flows/merge-by-policy.ts',
    find: 'return task.step === undefined ? undefined :',
    replace: "return task.step !== '' ? undefined :",
    noticedBy: ['M7'],
  },
  {
    id: 'merges-that-a-test-speaks-for',
    promise: 'A team asks for a merge only with its tester’s word and no finding left.',
    file: 'src/flows/team/merge-when-ready.ts',
    find: "const reason = held ? 'others of its set come first' : whyNotByItself(record);",
    replace: 'const reason = whyNotByItself.name === record.repository ? record.repository : undefined;',
    noticedBy: ['M7'],
  },
  {
    id: 'own-demands-only',
    promise: 'A review takes back what our own runs asked for, and nothing that others ask for by the same account.',
    file: 'src/flows/publish-review.ts',
    find: 'isOwn(author) && reviewRun(body) !== undefined && id !== newest.id,',
    replace: "isOwn(author) && body !== '' && id !== newest.id,",
    noticedBy: ['M7'],
  },
  {
    id: 'conversations-closed-by-those-who-may',
    promise:
      'A finding is settled by whoever may write to the repository; whoever opened the pull request may be anybody.',
    file: 'src/flows/read-rounds.ts',
    find: 'if (may) settling.add(login);',
    replace: 'settling.add(login);',
    noticedBy: ['M7'],
  },
  {
    id: 'labels-that-are-named',
    promise: 'A triage sets labels of the three scales and those that the settings name, and no others.',
    file: 'src/domain/triage/choose-labels.ts',
    find: 'return isOffered ? undefined :',
    replace: "return isOffered || label !== '' ? undefined :",
    noticedBy: ['M5'],
  },
  {
    id: 'blocks-without-buttons',
    promise: 'No block in a finding’s words becomes a suggestion that changes code, however the word is spelt.',
    file: 'src/domain/review/finding-comment.ts',
    find: "return `${fence}${/^suggestion/i.test(word) ? 'text' : word}`;",
    replace: "return `${fence}${/^suggestion/i.test(word) ? 'text' : info}`;",
    noticedBy: ['M4'],
  },
  {
    id: 'runs-known-by-own-words',
    promise: 'A dead run has delivered if our own text says so, and not if somebody copies its name.',
    file: 'src/flows/team/left-by.ts',
    find: 'if (isNamed && (await forge.isOwnAuthor(author))) return true;',
    replace: "if (isNamed && author !== '') return true;",
    noticedBy: ['M7'],
  },
];
