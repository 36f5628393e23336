import type { MetadataStrategy } from '../domain/conflicts/metadata.ts';
import { neutraliseLine } from '../domain/outgoing-text.ts';
import { isAtLeast, permissions } from '../domain/permission.ts';
import type { TriageReport } from '../domain/reports/triage-report.ts';
import type { Task } from '../domain/task.ts';
import { chooseEdits, type EditChoice, type IssueFacts } from '../domain/triage/choose-edits.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';

const longestTitle = 200;

/**
 * By the setting, where whoever asked may do it themselves: an issue that a stranger opens is triaged, and gives no right. A team goes
 * on with the issue as a person saw it, so its reader proposes.
 */
export function strategyOf({ triage, requestedBy, step }: Task): MetadataStrategy {
  const permission = permissions.find((each) => each === requestedBy.permission) ?? 'none';
  const may = isAtLeast(permission, 'triage') && step === undefined;
  return may ? (triage?.edits ?? 'ask') : 'ask';
}

/** What becomes of the title, the milestone and the state that the report proposes; a milestone that is not open is none. */
export async function findEdits(
  { forge, task }: PublishRun,
  { title, milestone, state }: TriageReport,
  earlier: string,
): Promise<EditChoice> {
  const issue = task.issue.number;
  const open = milestone === undefined ? [] : await forge.metadata.milestones();
  const wanted: Partial<IssueFacts> = {
    ...(title !== undefined && { title: neutraliseLine(title, { issue, maxLength: longestTitle }) }),
    ...(milestone !== undefined && open.includes(milestone) && { milestone }),
    ...(state !== undefined && { state }),
  };
  const now = await forge.metadata.read(issue);
  const atStart = { title: task.issue.title, state: task.issue.state };
  return chooseEdits({ strategy: strategyOf(task), wanted, now, atStart, earlier });
}

export async function writeEdits(run: PublishRun, { set }: EditChoice): Promise<void> {
  if (set.length === 0) return;
  await mayWrite(run, 'issue');
  const to = new Map(set.map((edit) => [edit.field, edit.to]));
  const [title, milestone] = [to.get('title'), to.get('milestone')];
  await run.forge.metadata.write(run.task.issue.number, {
    ...(title !== undefined && { title }),
    ...(milestone !== undefined && { milestone }),
    ...(to.get('state') === 'closed' && { state: 'closed' }),
  });
}
