import { counted } from '../counted.ts';
import { asCodeSpan } from '../outgoing-text.ts';
import { severities } from '../reports/finding.ts';
import type { KnownFinding } from '../reports/open-finding.ts';
import { openDemands } from '../review/convergence.ts';
import type { TeamRecord } from './team-record.ts';
import { details, inline } from './team-words.ts';

const shownFindings = 20;

/** Everything that is left to do, the gravest first; none when nothing is. */
export function openBlocks({ findings, reasons, issue, verdict, chosen }: TeamRecord): readonly string[] {
  const open = shownLines(openDemands(findings), (finding) => findingLine(finding, issue));
  const other = reasons.flatMap((reason) => {
    switch (reason.kind) {
      case 'failing-test':
        return [`- a test fails: ${asCodeSpan(reason.run.command, 120)}. ${inline(reason.summary, issue)}`];
      case 'failed-checks':
        return reason.checks.map(
          ({ name, conclusion }) => `- check ${asCodeSpan(name, 80)}: ${inline(conclusion, issue)}`,
        );
      case 'conflict':
        return [
          `- conflicts with the base in ${reason.paths
            .slice(0, 10)
            .map((path) => asCodeSpan(path, 120))
            .join(', ')}`,
        ];
      case 'remarks':
        return [`- ${counted(reason.remarks.length, 'remark')} of people`];
      case 'findings':
        return [];
      default:
        return reason satisfies never;
    }
  });
  const unproven = chosen.includes('test') && verdict !== undefined && verdict !== 'confirmed';
  const untested = unproven && other.length === 0 ? ['- no test shows that the issue is solved'] : [];
  const lines = [...open, ...other, ...untested];
  return lines.length === 0 ? [] : ['Open:', lines.join('\n')];
}

function findingLine({ severity, title, path, line, answer }: KnownFinding, issue: number): string {
  const where = asCodeSpan(line === undefined ? path : `${path}:${line}`, 160);
  const said =
    answer === undefined ? '' : ` (the coder: ${answer.answer.replace('-', ' ')}, ${inline(answer.why, issue)})`;
  return `- **${severity}** ${inline(title, issue)}, ${where}${said}`;
}

/** All findings there were, folded. */
export function findingsBlock(findings: readonly KnownFinding[]): readonly string[] {
  if (findings.length === 0) return [];
  const lines = shownLines(findings, (finding) => `${findingLine(finding, 0)} → ${finding.standing}`);
  return [details(`Findings (${findings.length})`, lines.join('\n'))];
}

export function findingsText(findings: readonly KnownFinding[]): string {
  if (findings.length === 0) return 'no findings';
  const of = (standing: KnownFinding['standing']) => findings.filter((finding) => finding.standing === standing).length;
  return `${counted(findings.length, 'finding')}: ${of('fixed')} fixed, ${of('refuted')} refuted, ${of('open')} open`;
}

/** The gravest first, as lines; what does not fit is counted. */
function shownLines(findings: readonly KnownFinding[], lineOf: (finding: KnownFinding) => string): readonly string[] {
  const rank = ({ severity }: KnownFinding): number => severities.indexOf(severity);
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const left = sorted.slice(shownFindings);
  const lines = sorted.slice(0, shownFindings).map(lineOf);
  return left.length === 0 ? lines : [...lines, `- and ${left.length} more: ${countsOf(left)}`];
}

function countsOf(findings: readonly KnownFinding[]): string {
  const counts = severities.map((one) => [one, findings.filter(({ severity }) => severity === one).length] as const);
  return counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
}
