import { asCodeSpan } from '../outgoing-text.ts';
import type { Continuation } from '../task.ts';
import { utcDay } from '../told-time.ts';
import type { PlannedFile } from './plan.ts';
import { shownPlan } from './plan-name.ts';
import type { ReviewReason } from './review-reason.ts';

/** What the comment shows of a plan: enough to say yes or to look closer. Paths are untrusted. */
export interface ShownPlan {
  readonly hash: string;
  readonly files: readonly PlannedFile[];
  readonly reasons: readonly ReviewReason[];
  readonly base: { readonly branch: string; readonly sha: string };
  readonly continues?: Continuation;
  readonly expiresAt: number;
  /** Address of the held commit, where the whole change can be read. */
  readonly changeUrl?: string;
}

const maxRows = 40;

/** Blocks of markdown: what would be published, why it waits, how to say yes or no. */
export function planBlocks(plan: ShownPlan): string[] {
  const { files, reasons, hash } = plan;
  const why = new Map<string, string[]>();
  for (const { path, message } of reasons) why.set(path, [...(why.get(path) ?? []), message]);
  // What somebody has to look at comes first, so that no long list hides it.
  const asked = files.filter(({ path }) => why.has(path));
  const others = files.filter(({ path }) => !why.has(path));
  const rows = [...asked, ...others].slice(0, maxRows).map((file) => {
    const reason = (why.get(file.path) ?? []).map((message) => asCodeSpan(message, 200)).join(' ');
    return `| ${cell(asCodeSpan(file.path, 200))} | ${file.change} | ${linesOf(file)} | ${cell(reason)} |`;
  });
  const more = files.length - rows.length;
  const hidden = asked.length > maxRows ? `, ${asked.length - maxRows} of which need approval as well` : '';
  return [
    'Nothing is published yet: this change touches what a person approves here first.',
    ['| file | | lines | why it waits |', '|---|---|---|---|', ...rows].join('\n'),
    more > 0 ? `and ${more} more files${hidden}` : '',
    `To publish exactly this, comment \`/agent approve ${shownPlan(hash)}\`. ${look(plan)}`,
    `It is held until ${utcDay(plan.expiresAt)} (UTC); \`/agent stop\` gives it up, \`/agent retry\` starts anew.`,
  ];
}

function look({ changeUrl, base, continues }: ShownPlan): string {
  const on = continues === undefined ? asCodeSpan(base.branch, 100) : `#${continues.pullRequest}`;
  const at = `\`${(continues?.headSha ?? base.sha).slice(0, 10)}\``;
  const whole = changeUrl === undefined ? 'The change' : `[The whole change](${changeUrl})`;
  return `${whole} is made on ${on} at ${at}.`;
}

function linesOf(file: PlannedFile): string {
  const mode = file.change !== 'deleted' && file.mode === '100755' ? ', executable' : '';
  return `${file.lines === undefined ? 'binary' : `+${file.lines.added} −${file.lines.removed}`}${mode}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
