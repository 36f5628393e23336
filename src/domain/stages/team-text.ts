import { counted } from '../counted.ts';
import type { Marker } from '../markers.ts';
import { utcTime } from '../told-time.ts';
import { type AutoMergeTold, mergeText } from '../tracking-comment.ts';
import { type Stage, stages } from './stage.ts';
import { stageTable } from './stage-table.ts';
import { asksToBeTaken } from './taken-as-is.ts';
import { findingsBlock, findingsText, openBlocks } from './team-open-text.ts';
import { maxStageTries, type PendingStep, type StageEnd, type TeamRecord } from './team-record.ts';
import { details, inline, told } from './team-words.ts';

export const teamOp = 'team';
const shownRows = 30;

/** Of the one comment on the issue that follows all teams there were. */
export function teamMark(issue: number): Marker {
  return { issue, fence: 0, run: 'team', op: teamOp };
}

/** One for each time that a person is asked: no two of them are asked in the same millisecond of one record. */
export function askMark(record: TeamRecord): Marker {
  return { issue: record.issue, fence: record.round, run: `at${lastAt(record)}`, op: 'team-asks' };
}

export function readyMark(record: TeamRecord, pull: number): Marker {
  return { issue: pull, fence: record.round, run: `at${lastAt(record)}`, op: 'team-ready' };
}

function lastAt({ history }: TeamRecord): number {
  return history.at(-1)?.at ?? 0;
}

/** The stages with boxes, and what is happening now. */
export function teamComment(record: TeamRecord, phrase: string): string {
  const boxes = shownStages(record).map((stage) => box(record, stage));
  const rows = record.history.length === 0 ? [] : [details('What happened', historyTable(record))];
  return [heading(record), boxes.join('\n'), nowText(record, phrase), ...rows].join('\n\n');
}

/** Everything that is open, for the person who decides. */
export function askText(record: TeamRecord, phrase: string): string {
  const { state, pullRequest } = record;
  const what = state.kind === 'waiting' ? state.what : '';
  const on = pullRequest === undefined ? '' : ` on pull request #${pullRequest}`;
  const why = `The team stops here${on}: ${told(what, record)}.`;
  const asIs = asksToBeTaken(record)
    ? `Look at pull request #${pullRequest}: \`${phrase} fix\` takes it as it is, and a review that requests changes sends the coder back. \`${phrase} stop\` ends it.`
    : undefined;
  const next =
    pullRequest === undefined
      ? `\`${phrase} fix\` sends it on; \`${phrase} stop\` ends it.`
      : (asIs ??
        `Look at pull request #${pullRequest} and go on with it yourself, or send the team on with \`${phrase} fix\`. \`${phrase} stop\` ends it.`);
  return ['### 🤖 The team needs a person', why, ...openBlocks(record), next].join('\n\n');
}

/** The last comment on the pull request: what was done, in how many rounds, and what is left to a person. */
export function readyText(record: TeamRecord, merge?: AutoMergeTold): string {
  const { issue, round, findings } = record;
  const facts = `${counted(round, 'round')} for issue #${issue}; ${findingsText(findings)}. ${mergeText(merge, issue)}`;
  return [
    '### 🤖 Ready for review',
    facts,
    historyTable(record),
    ...findingsBlock(findings),
    ...openBlocks(record),
  ].join('\n\n');
}

function heading({ state, round, maxRounds }: TeamRecord): string {
  const rounds = round > 1 ? ` · round ${round} of ${maxRounds}` : '';
  switch (state.kind) {
    case 'pending':
    case 'running':
      return `### 🤖 A team is working on this${rounds}`;
    case 'waiting':
      return `### 🤖 The team waits${rounds}`;
    case 'closing':
    case 'over':
      return state.how === 'ready' ? '### 🤖 The team is done' : '### 🤖 The team has stopped';
    default:
      return state satisfies never;
  }
}

/** Those that were chosen, and what follows from them. */
function shownStages({ chosen, round, stage, history }: TeamRecord): readonly Stage[] {
  const addressed = round > 1 || stage === 'address' || history.some((end) => end.stage === 'address');
  return stages.filter((one) => {
    if (one === 'approve') return chosen.includes('plan');
    if (one === 'address') return addressed;
    return one === 'ready' || chosen.includes(one);
  });
}

function box(record: TeamRecord, stage: Stage): string {
  const { state, history, tries } = record;
  const isNow = record.stage === stage && state.kind !== 'over' && state.kind !== 'closing';
  const done = isDone(record, stage);
  const { title, role } = stageTable[stage];
  const last = history.findLast((end) => end.stage === stage);
  const said = last === undefined || stage === 'ready' ? '' : `: ${told(last.what, record)}`;
  const again = isNow && tries > 0 ? `, try ${tries + 1} of ${maxStageTries}` : '';
  return `- [${done ? 'x' : ' '}] ${title}${role === undefined ? '' : ` · ${role}`}${said}${isNow ? `   ← now${again}` : ''}`;
}

function isDone({ stage: now, state, history, chosen }: TeamRecord, stage: Stage): boolean {
  const ended = state.kind === 'over' || state.kind === 'closing';
  if (ended && state.how === 'ready') return true;
  if (stage === now) return false;
  const was = history.some((end) => end.stage === stage);
  const order = stages.indexOf(stage);
  // The coder was sent back: what looked at the earlier change has to look again.
  const again = now === 'address' && (stage === 'test' || stage === 'review');
  if (again) return false;
  const skipped = stage === 'address' && !history.some((end) => end.stage === 'address');
  return was && !skipped && (order < stages.indexOf(now) || now === 'test' || now === 'review' || chosen.length === 0);
}

function nowText(record: TeamRecord, phrase: string): string {
  const { state, issue, pullRequest } = record;
  const pull = pullRequest === undefined ? '' : `Pull request #${pullRequest}. `;
  switch (state.kind) {
    case 'pending':
      return `${pull}Next: ${stageTable[record.stage].title}${handedOver(state.step)}, ${askedFor(state.step)}. \`${phrase} stop\` ends it.`;
    case 'running':
      return `${pull}At work: ${stageTable[record.stage].title}, run \`${inlineRun(state.runId)}\`. \`${phrase} stop\` ends it.`;
    case 'waiting':
      return `${pull}${waitText(state, { issue, phrase })}`;
    case 'closing':
    case 'over':
      return `${pull}It ended: ${told(state.what, record)}.`;
    default:
      return state satisfies never;
  }
}

/** A record can be written by whoever may push, so what is shown of a name is a role's. */
function handedOver({ handOff }: PendingStep): string {
  const role = /^[a-z-]{1,40}(?=\/)/.exec(handOff?.from ?? '')?.[0];
  return handOff === undefined || role === undefined ? '' : ` (${handOff.type.replaceAll('-', ' ')} by the ${role})`;
}

function askedFor({ askedAt, asks, heldBack }: PendingStep): string {
  if (heldBack === undefined || heldBack.asks < asks) return `asked for at ${utcTime(askedAt)}`;
  return `as soon as a budget has room (it had none at ${utcTime(heldBack.at)}), by itself`;
}

type WaitingState = Extract<TeamRecord['state'], { readonly kind: 'waiting' }>;

function waitText(
  { for: whom, what, on = [] }: WaitingState,
  { issue, phrase }: { readonly issue: number; readonly phrase: string },
): string {
  const numbers = on.map((number) => `#${number}`).join(', ');
  switch (whom) {
    case 'answer':
      return `It waits for an answer (${inline(what, issue)}): answer here, then comment \`${phrase} fix\`.`;
    case 'approval':
      return 'It waits until somebody approves the plan, as the comment with the plan says.';
    case 'checks':
      return 'It waits for the checks of the pull request.';
    case 'person':
      return `It waits for a person: ${inline(what, issue)}.`;
    case 'blockers':
      return `It waits for ${numbers} (${inline(what, issue)}) and goes on by itself.`;
    default:
      return whom satisfies never;
  }
}

/** Newest rows when there are more than a comment should hold. */
function historyTable(record: TeamRecord): string {
  const { history } = record;
  const rows = history.slice(-shownRows);
  const left = history.length - rows.length;
  const lines = rows.map((end) => historyRow(end, record));
  const table = ['| round | stage | by | what came of it |', '|--:|---|---|---|', ...lines].join('\n');
  return left === 0 ? table : `${table}\n\n(${left} earlier ones are left out)`;
}

function historyRow({ stage, round, what, runId }: StageEnd, record: TeamRecord): string {
  const by = runId === undefined ? '' : (stageTable[stage].role ?? '');
  return `| ${round} | ${stageTable[stage].title} | ${by} | ${told(what, record).replaceAll('|', '\\|')} |`;
}

/** A record can be written by whoever may push. */
function inlineRun(runId: string): string {
  return /^[0-9A-Za-z]{1,64}$/.test(runId) ? runId : '?';
}
