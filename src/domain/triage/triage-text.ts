import { asCodeSpan, neutraliseInline, neutraliseMarkdown } from '../outgoing-text.ts';
import type { RelatedIssue, TriageReport } from '../reports/triage-report.ts';
import { type EditChoice, editQuestions, setLines } from './choose-edits.ts';
import type { LabelChoice } from './choose-labels.ts';

/** A related issue as it was found: of this repository, open or not, and what was made of it. */
export interface FoundRelation extends RelatedIssue {
  readonly state: 'open' | 'closed';
  /** Of `blocked_by`: whether GitHub has it as a dependency now, or why it is only said here. */
  readonly recorded?: 'recorded' | { readonly not: string };
}

export interface TriageFacts {
  readonly role: string;
  readonly issue: number;
  readonly report: TriageReport;
  readonly labels: LabelChoice;
  readonly edits: EditChoice;
  readonly related: readonly FoundRelation[];
  /** Criteria that people had ticked in the comment of the last triage, as they stand there. */
  readonly ticked: ReadonlySet<string>;
}

export const triageOp = 'triage';

const most = { acceptance: 20, questions: 10, related: 10, text: 4_000, line: 600 } as const;

/** What the issue reader found, as one comment: what was set first, for the next triage reads it again. */
export function triageText({ role, issue, report, labels, edits, related, ticked }: TriageFacts): string {
  const line = (text: string): string => neutraliseInline(text, { issue, maxLength: most.line });
  const criteria = report.acceptance.slice(0, most.acceptance).map((text) => {
    const shown = line(text);
    return `- [${ticked.has(shown) ? 'x' : ' '}] ${shown}`;
  });
  const questions = report.questions.slice(0, most.questions).map((text, index) => `${index + 1}. ${line(text)}`);
  const blocks = [
    `### 🤖 ${role} read this issue`,
    labelLine(labels.ours),
    ...setLines(edits.ours),
    neutraliseMarkdown(report.summary, { issue, maxLength: most.text }),
    `Type ${report.type} · size ${report.size.toUpperCase()} · priority ${report.priority} of 4, 0 being the most urgent`,
    ...section('**Done when**', criteria, report.acceptance.length),
    ...section('**Questions**', questions, report.questions.length),
    questions.length === 0
      ? ''
      : 'Answer here, then comment `/agent triage`, or `/agent fix` to have it done as it is.',
    ...editQuestions(edits),
    ...section(
      '**Related**',
      related.slice(0, most.related).map((each) => `- ${relationText(each)}: ${line(each.why)}`),
      related.length,
    ),
    leftText(labels.left),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function labelLine(ours: readonly string[]): string {
  return `**Labels set:** ${ours.length === 0 ? 'none' : ours.map((label) => asCodeSpan(label, 100)).join(', ')}`;
}

/** The labels that a comment of ours says to have set; `all`: those of the repository, for nothing else can be meant. */
export function labelsTold(comment: string, all: readonly string[]): readonly string[] {
  const told = /^\*\*Labels set:\*\* (.*)$/m.exec(comment)?.[1] ?? '';
  const spans = new Set(told.match(/`[^`]+`/g) ?? []);
  return all.filter((label) => spans.has(asCodeSpan(label, 100)));
}

export function tickedIn(comment: string): ReadonlySet<string> {
  return new Set([...comment.matchAll(/^- \[[xX]\] (.*?)\r?$/gm)].map(([, text = '']) => text));
}

function relationText({ issue, relation, state, recorded }: FoundRelation): string {
  const closed = state === 'closed' ? ' (closed)' : '';
  switch (relation) {
    case 'duplicates':
      return `asks for the same as #${issue}${closed}`;
    case 'parent':
      return `is a part of #${issue}${closed}`;
    case 'blocked_by': {
      if (recorded === undefined) return `waited for #${issue}${closed}`;
      return recorded === 'recorded'
        ? `waits for #${issue}, which GitHub has as a dependency now`
        : `waits for #${issue} (only said here: ${recorded.not})`;
    }
    default:
      return relation satisfies never;
  }
}

function section(heading: string, lines: readonly string[], of: number): string[] {
  if (lines.length === 0) return [];
  const more = of > lines.length ? [`and ${of - lines.length} more`] : [];
  return [heading, lines.join('\n'), ...more];
}

function leftText(left: LabelChoice['left']): string {
  if (left.length === 0) return '';
  return `Labels left out: ${left.map(({ label, why }) => `${asCodeSpan(label, 60)} (${why})`).join(', ')}`;
}
