import { isMember, type MetadataStrategy } from '../conflicts/metadata.ts';
import type { TriageReport } from '../reports/triage-report.ts';
import { readRoleLabel } from '../role-label.ts';
import { type LabelScale, labelFor, labelScales, readScaleLabel } from './label-scale.ts';

export interface LabelFacts {
  /** Every label that the repository has. */
  readonly all: readonly string[];
  /** Those of the issue now. */
  readonly now: readonly string[];
  /** Those that it had when the run began: what came since, and is wanted, was set by an earlier try of this run. */
  readonly atStart: readonly string[];
  /** Those that the comment of the last triage says it had set. */
  readonly before: readonly string[];
  /** Those that a triage may set. */
  readonly offered: readonly string[];
  /** The label that starts an agent. */
  readonly trigger: string;
  /** `newest`: this report's word is later than all that was there when the run began. Otherwise three-way. */
  readonly strategy: MetadataStrategy;
}

export interface LabelChoice {
  readonly add: readonly string[];
  /** Set by an earlier triage, and another one of the same scale takes its place. */
  readonly remove: readonly string[];
  /** All that triage has set, when this is done; the next one goes by it. */
  readonly ours: readonly string[];
  /** Wanted and not set, with the reason; `label` is untrusted. */
  readonly left: readonly { readonly label: string; readonly why: string }[];
}

const maxLabels = 10;
/** What is left out is told; how much of it nobody needs to read. */
const maxLeft = 10;

/**
 * Which labels a triage sets: those that the repository has, by its own spelling; one for each scale. What people have set or
 * taken off stays so: it is a merge of what the last triage said, what this one says, and what is there.
 */
export function chooseLabels(report: TriageReport, facts: LabelFacts): LabelChoice {
  const { now, before, atStart, strategy } = facts;
  // What both last saw: what the last triage said, or all that this report was made of.
  const base = strategy === 'newest' ? atStart : before;
  const had = (labels: readonly string[], label: string): boolean => labels.some((each) => same(each, label));
  const wanted = wantedLabels(report, facts);
  const add: string[] = [];
  const remove: string[] = [];
  const kept: string[] = [];
  const left = [...wanted.left];
  for (const label of wanted.labels) {
    const scale = readScaleLabel(label)?.scale;
    const others = scale === undefined ? [] : now.filter((each) => isOf(scale, each) && !same(each, label));
    const theirs = others.find((each) => !had(before, each) && !(strategy === 'newest' && had(atStart, each)));
    if (theirs !== undefined) left.push({ label, why: `\`${plain(theirs)}\` is there` });
    else if (had(now, label)) {
      if (had(before, label) || !had(atStart, label)) kept.push(label);
      remove.push(...others);
    } else if (!isMember({ base: had(base, label), ours: true, theirs: false }))
      left.push({ label, why: 'somebody took it off' });
    else {
      add.push(label);
      remove.push(...others);
    }
  }
  const still = before.filter((label) => had(now, label) && !had(remove, label));
  const ours = [...new Set([...still, ...kept, ...add])];
  return { add, remove: [...new Set(remove)], ours, left: left.slice(0, maxLeft) };
}

function wantedLabels(
  report: TriageReport,
  { all, offered, trigger }: LabelFacts,
): Pick<LabelChoice, 'left'> & { labels: string[] } {
  const settable = all.filter((label) => whyNever(label, trigger) === undefined);
  const values: Readonly<Record<LabelScale, string>> = {
    type: report.type,
    size: report.size,
    priority: String(report.priority),
  };
  const scaled = labelScales.flatMap((scale) => labelFor(scale, values[scale], settable) ?? []);
  const labels = new Set(scaled);
  const left: { label: string; why: string }[] = [];
  for (const label of report.labels) {
    const known = all.find((each) => same(each, label));
    const never =
      known === undefined
        ? 'the repository has no such label'
        : (whyNever(known, trigger) ?? whyNotOffered(known, offered));
    // Of a scale there is the one label that the report's own value says.
    const spoken = known !== undefined && readScaleLabel(known) !== undefined;
    if (known === undefined || never !== undefined) left.push({ label, why: never ?? '' });
    else if (!spoken) labels.add(known);
  }
  return { labels: [...labels].slice(0, maxLabels), left };
}

/** Words by which people and automation let something happen; whoever writes an issue must not be able to have them said. */
const granting =
  /(?:^| )(?:approved?|approval|lgtm|safe|trusted|allow(?:ed)?|merge|automerge|mergeable|queue|deploy|release|publish|backport|cherry|skip|bypass|override|ignore|exempt|force|run|ci|bot|agent|agents|ready|accepted|verified|signed)(?: |$)/;

/** Why no agent ever sets a label; undefined: it may. */
export function whyNever(label: string, trigger: string): string | undefined {
  if (readRoleLabel(label, trigger).kind !== 'other') return 'it starts an agent';
  const words = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
  return granting.test(words) ? 'it may let something happen' : undefined;
}

function whyNotOffered(label: string, offered: readonly string[]): string | undefined {
  const isOffered = offered.some((each) => same(each, label));
  return isOffered ? undefined : 'it is for people to set (setting: triage.labels)';
}

function isOf(scale: LabelScale, label: string): boolean {
  return readScaleLabel(label)?.scale === scale;
}

/** GitHub compares labels without case. */
function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function plain(label: string): string {
  return label.replaceAll('`', "'");
}
