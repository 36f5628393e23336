import { note, type Tally } from './removals.ts';

/** Headings of the sections in which an agent is told its task. Text from outside must not look like one of them. */
export const taskSections = {
  task: 'Task',
  rules: 'Rules for the change',
  tests: 'Tests',
  role: 'Your role',
  follows: 'The approved plan',
  brief: 'Why you work on this again',
  memory: 'What earlier runs did',
  unfinished: 'What an earlier run left unfinished',
  pull: 'The pull request',
  diff: 'What it changes',
  earlier: 'Findings of earlier rounds',
  choices: 'What you may choose from',
  instructions: "Instructions of the repository's maintainers",
  issue: 'The issue',
  comments: 'Comments, oldest first',
} as const;

const headings = new Set(Object.values(taskSections).map(folded));
/** Marks of ours around text from outside, and those by which chats are taken apart for some models. */
const marks = /<(?=\/?(?:un)?trusted\b)|<(?=\|[A-Za-z0-9_]{1,40}\|>)/gi;
const headingLine = /^[ \t>]{0,6}(#{1,6})[ \t]+([^\n]{1,120})$/gm;

/** In code too: what is ours never begins in text from outside. The words stay; what made them look like ours is changed. */
export function withoutImitatedMarks(text: string, tally: Tally): string {
  return text
    .replace(marks, () => {
      note(tally, 'fakeMark');
      return '‹';
    })
    .replace(headingLine, (whole, hashes: string, words: string) => {
      if (!headings.has(folded(words))) return whole;
      note(tally, 'fakeMark');
      return whole.replace(hashes, `\\${hashes}`);
    });
}

function folded(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
}
