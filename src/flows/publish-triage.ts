import { counted } from '../domain/counted.ts';
import { EntropyError } from '../domain/error.ts';
import { marker } from '../domain/markers.ts';
import { asCodeSpan } from '../domain/outgoing-text.ts';
import type { TriageReport } from '../domain/reports/triage-report.ts';
import type { RunResult } from '../domain/run-result.ts';
import { chooseLabels, type LabelChoice } from '../domain/triage/choose-labels.ts';
import { type FoundRelation, labelsTold, tickedIn, triageOp, triageText } from '../domain/triage/triage-text.ts';
import { closeTracking } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import { holdsSecret } from './inspect-change.ts';
import { findKept, keepComment } from './marked-comment.ts';
import { endBlocked, endDryRun } from './publish-end.ts';
import type { PublishReport, PublishRun } from './publish-run.ts';
import { readBackComment, readBackLabels } from './read-back.ts';
import { findEdits, strategyOf, writeEdits } from './triage-edits.ts';

/** Each is one request, and one line that people read. */
const maxRelated = 10;

/**
 * What an issue reader found: labels that the repository has, dependencies that GitHub can keep, and one comment that the next
 * triage writes anew. What people set or took off since the last one stays as they left it.
 */
export async function publishTriage(run: PublishRun, result: RunResult, report: TriageReport): Promise<PublishReport> {
  const { forge, task, scanner } = run;
  const issue = task.issue.number;
  const mark = { issue, fence: task.lease.fence, run: task.runId, op: triageOp };
  const comments = await forge.comments(issue);
  const earlier = (await findKept(forge, comments, { mark, of: 'any-run' }))?.body ?? '';
  const all = await forge.labels.all();
  const labels = chooseLabels(report, {
    all,
    now: (await forge.issue(issue)).labels,
    atStart: task.issue.labels,
    before: labelsTold(earlier, all),
    offered: task.triage?.labels ?? [],
    trigger: task.labelTrigger ?? 'agent',
    strategy: strategyOf(task),
  });
  const edits = await findEdits(run, report, earlier);
  const found = await findRelated(run, report);
  const facts = { role: task.agent.role, issue, report, labels, edits, related: found, ticked: tickedIn(earlier) };

  const secret = holdsSecret(await scanner.scan('the comment', `${triageText(facts)}\n${JSON.stringify(report)}`));
  if (secret !== undefined) return endBlocked(run, result, secret);
  if (run.dryRun)
    return endDryRun(
      run,
      result,
      `set ${[labelNames(labels.add), ...edits.set.map(({ field }) => field)].join(', ')} and comment`,
    );

  await setLabels(run, labels);
  await writeEdits(run, edits);
  const related = await recordDependencies(run, found);
  await mayWrite(run, 'comment');
  const text = triageText({ ...facts, related });
  const comment = await keepComment(forge, { mark, text, of: 'any-run', known: comments });
  await readBackComment(run, comment, `${marker(mark)}\n${text}\n`);
  await readBackLabels(run, issue, labels.ours);

  const url = `${task.links.issue}#issuecomment-${comment.id}`;
  const told = `[What it found](${url}): ${findings(report, related)}. Labels set: ${labelNames(labels.ours)}.`;
  await mayWrite(run, 'close');
  const closed = await closeTracking({ ...run, result, end: { kind: 'delivered', what: 'read this issue', told } });
  await readBackComment(run, closed.comment, closed.body);
  return {
    outcome: report.questions.length === 0 ? 'succeeded' : 'needs_info',
    reason: `Read issue #${issue}: ${findings(report, related)}.`,
    result,
    delivered: { kind: 'triage', url },
    stage: {
      kind: 'read',
      questions: report.questions.length,
      ...firstDuplicate(related),
      blockedBy: related.filter(({ recorded }) => isWaiting(recorded)).map((each) => each.issue),
    },
  };
}

/** Only what there is in this repository, and each once; a report names numbers, and anybody can name a number. */
async function findRelated({ forge, task }: PublishRun, { related }: TriageReport): Promise<readonly FoundRelation[]> {
  const found: FoundRelation[] = [];
  const numbers = new Set([task.issue.number]);
  for (const each of related) {
    if (numbers.size > maxRelated) break;
    if (numbers.has(each.issue)) continue;
    numbers.add(each.issue);
    const there = await issueOrNone(() => forge.issue(each.issue));
    if (there !== undefined && !there.isPullRequest) found.push({ ...each, state: there.state });
  }
  return found;
}

async function issueOrNone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E202') return undefined;
    throw error;
  }
}

async function setLabels(run: PublishRun, { add, remove }: LabelChoice): Promise<void> {
  const { forge, task } = run;
  if (add.length + remove.length > 0) await mayWrite(run, 'labels');
  if (add.length > 0) await forge.labels.add(task.issue.number, add);
  for (const label of remove) {
    await mayWrite(run, 'labels');
    await forge.labels.remove(task.issue.number, label);
  }
}

/** GitHub's own dependencies, for what is open; where they cannot be written they are said. */
async function recordDependencies(
  run: PublishRun,
  related: readonly FoundRelation[],
): Promise<readonly FoundRelation[]> {
  const told: FoundRelation[] = [];
  for (const each of related) {
    const waits = each.relation === 'blocked_by' && each.state === 'open';
    told.push(waits ? { ...each, recorded: await record(run, each.issue) } : each);
  }
  return told;
}

async function record(run: PublishRun, blocker: number): Promise<NonNullable<FoundRelation['recorded']>> {
  const { dependencies, forge, task } = run;
  if (dependencies === undefined) return { not: 'dependencies cannot be written here' };
  await mayWrite(run, 'dependency');
  try {
    const place = { repository: forge.repository, number: blocker };
    const added = await dependencies.addBlockedBy(task.issue.number, place);
    if (added === 'added' || added === 'exists') return 'recorded';
    return { not: added === 'cycle' ? circular : 'it is gone' };
  } catch (error) {
    const refused = error instanceof EntropyError && ['E200', 'E202', 'E204'].includes(error.code);
    if (!refused) throw error;
    run.log(`#${blocker} could not be written as a dependency: ${error.message}`);
    return { not: 'GitHub did not take it as a dependency' };
  }
}

const circular = 'that one waits for this one';

/** Two that wait for each other would wait for ever. */
function isWaiting(recorded: FoundRelation['recorded']): boolean {
  return recorded !== undefined && (recorded === 'recorded' || recorded.not !== circular);
}

function firstDuplicate(related: readonly FoundRelation[]): { readonly duplicateOf?: number } {
  const first = related.find(({ relation }) => relation === 'duplicates');
  return first === undefined ? {} : { duplicateOf: first.issue };
}

function findings({ acceptance, questions }: TriageReport, related: readonly FoundRelation[]): string {
  const parts = [
    counted(acceptance.length, 'acceptance criterion', 'acceptance criteria'),
    counted(questions.length, 'question', 'questions'),
    counted(related.length, 'related issue', 'related issues'),
  ];
  return parts.join(', ');
}

function labelNames(labels: readonly string[]): string {
  return labels.length === 0 ? 'no label' : labels.map((label) => asCodeSpan(label, 100)).join(', ');
}
