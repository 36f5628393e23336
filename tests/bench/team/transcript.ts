import type { Said, WalkedTeam } from './walk-team.ts';

/**
 * The whole conversation as people see it, in the order in which it was said. What differs from one walk to the next has
 * a name: runs, commits, times, addresses.
 */
export function transcriptOf({ said, record, pulls, threads, checks }: WalkedTeam): string {
  const parts = said.filter(({ body }) => body.trim() !== '').map(entry);
  const [pull] = pulls;
  const end = [
    `Pull request #${pull?.number} is ${pull?.draft === true ? 'a draft' : 'ready for review'}: ${pull?.title}.`,
    `${threads.filter(({ resolved }) => resolved).length} of ${threads.length} conversations are resolved.`,
    `Checks of its head: ${checks.join(', ')}.`,
    `Rounds: ${record.round} of ${record.maxRounds}.`,
  ];
  return named(`${parts.join('\n\n')}\n\n## In the end\n\n${end.map((line) => `- ${line}`).join('\n')}\n`);
}

const places: Readonly<Record<Said['where'], string>> = {
  issue: 'on the issue',
  'pull request': 'on the pull request',
  review: 'a review of the pull request',
  line: 'on a line of the pull request',
};

function entry({ body, where }: Said, at: number): string {
  const ours = body.startsWith('<!-- entropy:');
  const [, run = '', op = ''] = /^<!-- entropy:issue=\d+ fence=\d+ run=(\S+) op=(\S+) -->/.exec(body) ?? [];
  const text = body.replace(/^<!-- entropy:[^\n]*-->\n?/, '').trim();
  const who = ours ? `agents, run ${run}, ${what(op)}` : 'a person';
  return `### ${at + 1}. ${places[where]}: ${who}\n\n${quoted(text)}`;
}

/** Of a finding's name only the sort of it is of interest to readers. */
function what(op: string): string {
  return op.replace(/-[0-9a-f]{16}-/, ' ').replaceAll('-', ' ');
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '>' : `> ${line.replace(/^#+ (.*)$/, '**$1**')}`))
    .join('\n');
}

/** ULIDs, commits, hashes, times, ports and durations by the order of their first appearance. */
function named(text: string): string {
  const names = new Map<string, string>();
  const nameOf = (kind: string, value: string): string => {
    const known = names.get(`${kind} ${value}`);
    if (known !== undefined) return known;
    const count = [...names.keys()].filter((key) => key.startsWith(`${kind} `)).length + 1;
    const name = `${kind}-${count}`;
    names.set(`${kind} ${value}`, name);
    return name;
  };
  return text
    .replace(/\b01[0-9A-HJKMNP-TV-Z]{24}\b/g, (ulid) => nameOf('run', ulid))
    .replace(/\bat1[0-9]{12}\b/g, 'team')
    .replace(/\b[0-9a-f]{24}\b/g, (hash) => nameOf('plan', hash))
    .replace(/\b[0-9a-f]{40}\b/g, (sha) => nameOf('commit', sha.slice(0, 10)))
    .replace(/\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{10,12}\b/g, (sha) => nameOf('commit', sha.slice(0, 10)))
    .replace(/http:\/\/localhost:\d+/g, 'https://github.example')
    .replace(/#(issuecomment|pullrequestreview|discussion_r)-?\d+/g, '#$1')
    .replace(/\b\d+(?:\.\d+)? ?(?:ms|s)\b/g, '… s')
    .replace(/duration_ms [\d.]+/g, 'duration_ms …')
    .replace(/\d{4}-\d\d-\d\d(?: \d\d:\d\d)?/g, 'a day')
    .replace(/\b\d\d:\d\d\b/g, '…');
}

/** How two walks ended, without what a kill may change: runs that were begun anew. */
export function endOf({ record, pulls, threads, tree, checks, said }: WalkedTeam): Readonly<Record<string, unknown>> {
  const { stage, state, round, findings, verdict } = record;
  const count = (op: string): number => said.filter(({ body }) => body.includes(` op=${op} -->`)).length;
  return {
    ...{ stage, state, round, verdict, pulls, tree, checks },
    findings: findings.map(({ title, standing, answer }) => [title, standing, answer?.answer]),
    threads: threads.map(({ resolved }) => resolved),
    stages: record.history.map((end) => `${end.round} ${end.stage}`),
    comments: { team: count('team'), ready: count('team-ready'), asks: count('team-asks') },
  };
}
