import type { TaskView } from '../coordination/task-record.ts';
import type { Measure } from './condition.ts';

/** Where each measure of a condition is found in a task. */
export const taskMeasures: Readonly<Record<Measure, (task: TaskView) => number | undefined>> = {
  created: ({ issue }) => issue.createdAt,
  updated: ({ issue }) => issue.updatedAt,
  closed: ({ issue }) => issue.closedAt,
  progress: ({ claim }) => claim && (claim.progressAt ?? claim.acquiredAt),
  comments: ({ issue }) => issue.comments,
  attempts: ({ attempts }) => attempts,
  cost: ({ costMicroUsd }) => costMicroUsd,
  fence: ({ fence }) => fence,
  priority: ({ priority }) => priority,
};
