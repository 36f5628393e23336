import type { Defence } from './defence.ts';

const words = 'src/flows/bind-words.ts';
const answers = 'src/flows/who-answers.ts';

/** What goes on without anybody asking: steps of teams, failed checks, schedules, answers. */
export const unaskedDefences: readonly Defence[] = [
  {
    id: 'steps-as-approved',
    promise: 'What goes on by itself goes on with the issue as it was when somebody asked, or asks again.',
    file: words,
    find: "if (isOther && !(await mayBeHeard(issue.author))) return { kind: 'changed', what: 'the issue' };",
    replace: '',
    noticedBy: ['U5'],
  },
  {
    id: 'later-words-of-those-who-may',
    promise: 'What strangers write meanwhile does not reach an agent that goes on by itself.',
    file: words,
    find: 'if (await mayBeHeard(author)) heard.add(author);',
    replace: 'heard.add(author);',
    noticedBy: ['U5'],
  },
  {
    id: 'schedules-hear-no-strangers',
    promise: 'On an issue that was opened by ourselves nobody’s word counts who may not start agents.',
    file: 'src/domain/approval.ts',
    find: 'if (at === undefined) return also === undefined;',
    replace: 'if (at === undefined) return true;',
    noticedBy: ['U5'],
  },
  {
    id: 'answers-as-given',
    promise: 'An answer that was written over since is not told to an agent.',
    file: words,
    find: 'if (commentDigest(found.body) !== digest) return',
    replace: "if (digest === '') return",
    noticedBy: ['U5'],
  },
  {
    id: 'answers-of-the-author',
    promise:
      'A team that waits for an answer goes on for nobody but the issue’s author and those who may start agents.',
    file: answers,
    find: 'if (author.toLowerCase() !== issueAuthor.toLowerCase()) {',
    replace: "if (author === '') {",
    noticedBy: ['U1'],
  },
  {
    id: 'answers-are-few',
    promise: 'Whoever may not start agents sends a team on by answering twice at most.',
    file: 'src/domain/stages/team-approval.ts',
    find: 'return answers.length >= maxAnswers ? undefined :',
    replace: 'return answers.length < 0 ? undefined :',
    noticedBy: ['D1'],
  },
  {
    id: 'counts-that-strangers-leave',
    promise: 'Runs for failing checks are counted on, whatever people write who may not start agents.',
    file: 'src/flows/tried-too-often.ts',
    find: "if (!ours && !author.endsWith('[bot]') && (await mayBeHeard(author))) return false;",
    replace: "if (!ours && !author.endsWith('[bot]')) return false;",
    noticedBy: ['D1'],
  },
  {
    id: 'records-give-no-rights',
    promise:
      'A record that whoever may push can write gives nobody the right of another: that person’s own command has to stand there.',
    file: 'src/flows/own-word.ts',
    find: "if (decideActor(anybody, 'write', policy).kind === 'allowed') {",
    replace: "if (decideActor(anybody, 'admin', policy).kind === 'allowed') {",
    noticedBy: ['U3'],
  },
  {
    id: 'commands-as-typed',
    promise:
      'A command that somebody edited afterwards proves nothing: whoever may write edits other people’s comments.',
    file: 'src/flows/own-word.ts',
    find: 'author.toLowerCase() !== login.toLowerCase() || createdAt !== updatedAt',
    replace: 'author.toLowerCase() !== login.toLowerCase()',
    noticedBy: ['U3', 'U5'],
  },
  {
    id: 'plans-approved-by-people',
    promise: 'A plan counts as approved where that person’s own approval stands below it, whatever a record says.',
    file: 'src/flows/plan-of-turn.ts',
    find: "const names = ({ name, options }: Command): boolean => name === 'approve' && hash.startsWith(options.plan ?? ' ');",
    replace: 'const names = (_command: Command): boolean => true;',
    noticedBy: ['U5'],
  },
  {
    id: 'comments-that-answer-nothing',
    promise: 'Where comments might be answers, those of one person that answer nothing soon take no request.',
    file: 'src/flows/dispatch/ask-gate.ts',
    find: 'room.memory.tellUnanswering(asked.repository, event.sender.login);',
    replace: '',
    noticedBy: ['D3'],
  },
  {
    id: 'rounds-of-a-team',
    promise: 'A coder is sent back so often as the policy says; then a person is asked.',
    file: 'src/domain/stages/team-moves.ts',
    find: 'if (round >= maxRounds) {',
    replace: 'if (round < 0) {',
    noticedBy: ['D1'],
  },
  {
    id: 'tries-of-a-stage',
    promise: 'A stage that fails is tried twice in a row, and then a person is asked.',
    file: 'src/domain/stages/after-result.ts',
    find: 'if (tries < maxStageTries) return',
    replace: 'if (tries > 0) return',
    noticedBy: ['D1'],
  },
  {
    id: 'starts-of-a-step',
    promise: 'A step that nobody begins is asked for five times, and then a person is.',
    file: 'src/domain/stages/advance.ts',
    find: 'if (lost >= maxAsks) {',
    replace: 'if (lost < 0) {',
    noticedBy: ['D1'],
  },
];
