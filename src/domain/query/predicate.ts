import type { TaskView } from '../coordination/task-record.ts';
import type { Condition, Edge, EdgeTarget, Flag, Subject } from './condition.ts';
import type { QueryContext } from './context.ts';
import { isAscii, sameFolded } from './fold.ts';
import type { Query } from './syntax.ts';
import { taskMeasures } from './task-facts.ts';
import { taskCondition } from './task-query.ts';
import { hasWords, wordSearch } from './words.ts';

export type TaskTest = (task: TaskView) => boolean;

/** Whether a task is one that the query asks for. Throws E106 for what tasks cannot answer. */
export function taskPredicate(query: Query, context: QueryContext): TaskTest {
  return testOf(taskCondition(query, context));
}

function testOf(condition: Condition): TaskTest {
  switch (condition.kind) {
    case 'always':
      return () => true;
    case 'not': {
      const test = testOf(condition.part);
      return (task) => !test(task);
    }
    case 'and': {
      const tests = cheapFirst(condition.parts).map(testOf);
      return (task) => {
        for (const test of tests) if (!test(task)) return false;
        return true;
      };
    }
    case 'or': {
      const tests = cheapFirst(condition.parts).map(testOf);
      return (task) => {
        for (const test of tests) if (test(task)) return true;
        return false;
      };
    }
    case 'flag':
      return flagTests[condition.flag];
    case 'same':
      return sameTest(condition.subject, condition.folded);
    case 'present':
      return presenceTests[condition.subject];
    case 'within': {
      const { measure, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = condition;
      const read = taskMeasures[measure];
      return (task) => {
        const value = read(task);
        return value !== undefined && value >= min && value <= max;
      };
    }
    case 'words': {
      const search = wordSearch(condition.words);
      const title = condition.places.includes('title');
      const body = condition.places.includes('body');
      return ({ issue }) => (title && hasWords(issue.title, search)) || (body && hasWords(issue.body, search));
    }
    case 'edge':
      return edgeTest(condition.edge, condition.to);
    default:
      return condition satisfies never;
  }
}

/** A title and a body are long, labels are few, a flag is one look. */
function costOf(condition: Condition): number {
  switch (condition.kind) {
    case 'words':
      return 3;
    case 'edge':
      return 2;
    case 'same':
      return 1;
    case 'not':
      return costOf(condition.part);
    case 'and':
    case 'or':
      return Math.max(...condition.parts.map(costOf));
    default:
      return 0;
  }
}

function cheapFirst(parts: readonly Condition[]): Condition[] {
  return [...parts].sort((a, b) => costOf(a) - costOf(b));
}

const flagTests: Readonly<Record<Flag, TaskTest>> = {
  open: ({ issue }) => issue.forgeState === 'open',
  closed: ({ issue }) => issue.forgeState === 'closed',
  issue: ({ issue }) => issue.kind === 'issue',
  pull: ({ issue }) => issue.kind === 'pull',
  ready: ({ ready }) => ready,
  claimed: ({ claim }) => claim !== undefined,
  blocked: ({ openBlockers }) => openBlockers > 0,
};

/** One text, several, or none. */
const subjects: Readonly<Record<Subject, (task: TaskView) => readonly (string | undefined)[] | string | undefined>> = {
  label: ({ issue }) => issue.labels,
  assignee: ({ issue }) => issue.assignees,
  author: ({ issue }) => issue.author,
  milestone: ({ issue }) => issue.milestone,
  repository: ({ issue }) => issue.repository,
  owner: ({ issue }) => issue.repository.slice(0, issue.repository.indexOf('/')),
  state: ({ state }) => state,
  holder: ({ claim }) => claim && [claim.holder.owner, claim.holder.runId, claim.holder.agent?.id],
  agent: ({ agent }) => agent?.id,
  role: ({ agent }) => agent?.role,
};

function sameTest(subject: Subject, wanted: readonly string[]): TaskTest {
  const read = subjects[subject];
  const folded = wanted.map((text) => ({ text, ascii: isAscii(text) }));
  const fits = (value: string | undefined): boolean => {
    if (value === undefined) return false;
    for (const { text, ascii } of folded) if (sameFolded(value, text, ascii)) return true;
    return false;
  };
  return (task) => {
    const value = read(task);
    return typeof value === 'object' ? value.some(fits) : fits(value);
  };
}

const hasSubject =
  (subject: Subject): TaskTest =>
  (task) => {
    const value = subjects[subject](task);
    return typeof value === 'object' ? value.length > 0 : value !== undefined;
  };

const presenceTests: Readonly<Record<Subject | Edge, TaskTest>> = {
  label: hasSubject('label'),
  assignee: hasSubject('assignee'),
  author: hasSubject('author'),
  milestone: hasSubject('milestone'),
  repository: hasSubject('repository'),
  owner: hasSubject('owner'),
  state: hasSubject('state'),
  holder: hasSubject('holder'),
  agent: hasSubject('agent'),
  role: hasSubject('role'),
  'blocked-by': ({ blockedBy }) => blockedBy.length > 0,
  blocks: ({ blocks }) => blocks.length > 0,
};

function edgeTest(edge: Edge, to: readonly EdgeTarget[]): TaskTest {
  const keys = new Set(to.flatMap((target) => edgeKeys(target, undefined)));
  const numbers = to.filter((target) => target.kind === 'number' && target.repository === undefined);
  return (task) => {
    const ends = edge === 'blocks' ? task.blocks : task.blockedBy;
    if (ends.length === 0) return false;
    if (ends.some((end) => keys.has(end))) return true;
    const { repository } = task.issue;
    return numbers.some((target) => edgeKeys(target, repository).some((key) => ends.includes(key)));
  };
}

/** The keys that a target can mean: issues and pull requests share their numbers. */
export function edgeKeys(target: EdgeTarget, sameRepository: string | undefined): readonly string[] {
  if (target.kind === 'key') return [target.key];
  const repository = (target.repository ?? sameRepository)?.toLowerCase();
  if (repository === undefined) return [];
  return ['issues', 'pulls'].map((kind) => `github/${repository}/${kind}/${target.number}`);
}
