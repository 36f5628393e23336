import type { Defence } from './defence.ts';

export const changeSetDefences: readonly Defence[] = [
  {
    id: 'sets-in-the-books',
    promise:
      'Who asked for a change in several repositories, and for which, stands in the books of the deployment; what whoever may push can write is never believed.',
    file: 'src/flows/change-set/booked-sets.ts',
    find: '    const stored = await cursors.read(nameOf(issue));',
    replace:
      '    const copied = await copies.read(issue);\n    if (copied !== undefined) return copied;\n    const stored = await cursors.read(nameOf(issue));',
    noticedBy: ['U3'],
  },
  {
    id: 'rights-asked-at-every-look',
    promise:
      'Before anything is done or told in a repository for the sake of a change in several, GitHub is asked whether whoever asked may still write there.',
    file: 'src/flows/change-set/follow-change-set.ts',
    find: 'const { bars, phrase } = await barsOf(room, forge, at.record);',
    replace: 'const { phrase } = await barsOf(room, forge, at.record);\n  const bars: readonly Bar[] = [];',
    noticedBy: ['U3'],
  },
  {
    id: 'owners-of-the-stack',
    promise: 'A stack works in repositories of its owners only, whoever else installed its App.',
    file: 'src/runtime/aws/app-github.ts',
    find: '    owners.length === 0 || owners.some(',
    replace: '    owners.length >= 0 || owners.some(',
    noticedBy: ['U1'],
  },
];
