import { formatUsd } from '../../domain/budget.ts';
import type { ClaimKey } from '../../domain/claim.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { shortDuration, utcStamp } from '../moments.ts';
import type { Paint } from '../paint.ts';
import type { Column } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';
import { holderText } from './claim-view.ts';

export const taskFields = [
  'key',
  'issue',
  'state',
  'reason',
  'priority',
  'stage',
  'progress',
  'checkpoints',
  'runId',
  'agent',
  'fence',
  'attempts',
  'lastFailure',
  'branch',
  'pullRequest',
  'costMicroUsd',
  'version',
  'claim',
  'blockedBy',
  'blocks',
  'openBlockers',
  'ready',
] as const satisfies readonly (keyof TaskView)[];

/** What a person wants to know first: ready, held, waiting for others, or the state as it is. */
export function standingOf(task: TaskView): string {
  if (task.ready) return 'ready';
  if (task.openBlockers > 0 && (task.state === 'open' || task.state === 'ready'))
    return `waits for ${task.openBlockers}`;
  return task.state.replace('_', ' ');
}

export function taskColumns(now: number, paint: Paint): readonly Column<TaskView>[] {
  return [
    { title: 'issue', of: ({ key }) => shortClaimName(key), max: 28 },
    { title: 'p', of: ({ priority }) => String(priority), align: 'right' },
    {
      title: 'state',
      of: standingOf,
      paint: (text, { ready, state }) => {
        if (ready) return paint.good(text);
        return state === 'abandoned' || state === 'blocked' ? paint.warn(text) : text;
      },
    },
    { title: 'title', of: ({ issue }) => issue.title, grows: true },
    { title: 'by', of: ({ claim }) => claim?.holder.owner ?? '–', max: 18 },
    { title: 'age', of: ({ issue }) => shortDuration(now - issue.createdAt), align: 'right' },
  ];
}

/** Everything about one task, a fact a line. */
export function taskText(task: TaskView, now: number, paint: Paint): string {
  const { issue, claim, checkpoints } = task;
  const row = (label: string, text: string): string => `  ${paint.strong(label.padEnd(11))} ${terminalLine(text, 400)}`;
  const names = (keys: readonly ClaimKey[]): string => keys.map(shortClaimName).join(', ');
  const lines = [
    `${paint.strong(shortClaimName(task.key))}  ${terminalLine(issue.title, 200)}`,
    row('state', `${standingOf(task)}${task.reason === undefined ? '' : `: ${task.reason}`}`),
    row('issue', `${issue.forgeState}, by ${issue.author}, ${utcStamp(issue.createdAt)} UTC`),
    row('priority', String(task.priority)),
  ];
  if (issue.labels.length > 0) lines.push(row('labels', issue.labels.join(', ')));
  if (claim !== undefined) lines.push(row('held by', holderText(claim, now)));
  if (task.runId !== undefined)
    lines.push(row('run', `${task.runId}${task.stage === undefined ? '' : `, ${task.stage}`}`));
  if (task.progress > 0 && task.progress < 1) lines.push(row('progress', `${Math.round(task.progress * 100)} %`));
  if (checkpoints.done.length > 0) lines.push(row('done', checkpoints.done.join('; ')));
  if (checkpoints.next.length > 0) lines.push(row('next', checkpoints.next.join('; ')));
  if (task.blockedBy.length > 0) lines.push(row('blocked by', `${names(task.blockedBy)} (${task.openBlockers} open)`));
  if (task.blocks.length > 0) lines.push(row('blocks', names(task.blocks)));
  if (task.attempts > 0)
    lines.push(row('failed', `${task.attempts} in a row; the last: ${task.lastFailure ?? 'unknown'}`));
  if (task.branch !== undefined) lines.push(row('branch', task.branch));
  if (task.pullRequest !== undefined) lines.push(row('pull request', `#${task.pullRequest}`));
  if (task.costMicroUsd > 0) lines.push(row('cost', `${formatUsd(task.costMicroUsd)} USD`));
  return `${lines.join('\n')}\n`;
}

export function noSuchTask(key: ClaimKey, place: string): EntropyError {
  const repository = /^github\/([^/]+\/[^/]+)\//.exec(key)?.[1];
  return new EntropyError({
    code: 'E726',
    message: `${shortClaimName(key)} is not known in ${place}`,
    fix:
      repository === undefined
        ? 'entropy-playground tasks list shows what is'
        : `fetch the issues first: entropy-playground tasks sync -R ${repository}`,
  });
}
