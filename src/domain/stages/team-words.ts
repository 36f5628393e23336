import { neutraliseInline } from '../outgoing-text.ts';
import type { TeamRecord } from './team-record.ts';

/** Untrusted text as a part of a line of ours on that issue. */
export function inline(text: string, issue: number): string {
  return neutraliseInline(text, { issue, maxLength: 300 });
}

/** What happened, with the team's own pull request as a link. */
export function told(text: string, { issue, pullRequest }: Pick<TeamRecord, 'issue' | 'pullRequest'>): string {
  return inline(text, issue).replaceAll(`\`#${pullRequest}\``, `#${pullRequest}`);
}

export function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
