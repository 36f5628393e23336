import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';
import type { StackPlace } from '../../fakes/stack-world/stack-place.ts';

/** One person who works on ten repositories at once. */
export interface Load {
  /** So many things that people do; each is heard of by one webhook or two. */
  act(count: number): Promise<void>;
  readonly acted: Readonly<Record<string, number>>;
}

interface OpenIssue {
  readonly repository: string;
  readonly number: number;
  isClosed: boolean;
  readonly labels: Set<string>;
}

type Act = (hands: Hands, issue: OpenIssue) => Promise<unknown>;

interface Hands {
  readonly send: StackPlace['send'];
  readonly draw: Draw;
  readonly count: () => number;
}

const labels = ['bug', 'priority:0', 'priority:1', 'good first issue', 'area: slugs'];
const atOnce = 4;

const acts: Readonly<Record<string, { readonly weight: number; readonly act: Act }>> = {
  edit: {
    weight: 14,
    act: ({ send, count }, issue) => send('PATCH', place(issue), { title: `slugify drops words (${count()})` }),
  },
  rewrite: {
    weight: 8,
    act: ({ send, count }, issue) => send('PATCH', place(issue), { body: `Seen ${count()} times by now.` }),
  },
  talk: { weight: 26, act: (hands, issue) => comment(hands, issue, `I see it as well (${hands.count()}).`) },
  label: {
    weight: 14,
    act: async ({ send, draw }, issue) => {
      const label = draw.one(labels);
      if (!issue.labels.delete(label)) {
        issue.labels.add(label);
        return send('POST', `${place(issue)}/labels`, { labels: [label] });
      }
      return send('DELETE', `${place(issue)}/labels/${encodeURIComponent(label)}`);
    },
  },
  close: {
    weight: 7,
    act: async ({ send }, issue) => {
      issue.isClosed = !issue.isClosed;
      return send('PATCH', place(issue), { state: issue.isClosed ? 'closed' : 'open' });
    },
  },
  fix: { weight: 6, act: (hands, issue) => comment(hands, issue, '/agent fix') },
  agent: {
    weight: 3,
    act: async ({ send }, issue) => {
      if (issue.labels.delete('agent')) await send('DELETE', `${place(issue)}/labels/agent`);
      issue.labels.add('agent');
      return send('POST', `${place(issue)}/labels`, { labels: ['agent'] });
    },
  },
  status: { weight: 3, act: (hands, issue) => comment(hands, issue, '/agent status') },
  stop: { weight: 2, act: (hands, issue) => comment(hands, issue, '/agent stop') },
  retry: { weight: 1, act: (hands, issue) => comment(hands, issue, '/agent retry') },
  release: { weight: 1, act: (hands, issue) => comment(hands, issue, '/agent release') },
  help: { weight: 1, act: (hands, issue) => comment(hands, issue, '/agent help') },
  unknown: { weight: 1, act: (hands, issue) => comment(hands, issue, '/agent fxi it') },
};

/** New issues among all that is done, beside the weights of what is done on them. */
const newIssues = 0.14;

export function createLoad({ send }: Pick<StackPlace, 'send'>, repositories: readonly string[], seed: number): Load {
  const draw = drawFrom(seed);
  const issues: OpenIssue[] = [];
  const acted: Record<string, number> = {};
  const names = Object.entries(acts).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));
  let number = 0;
  const hands: Hands = {
    ...{ send, draw },
    count: () => {
      number += 1;
      return number;
    },
  };
  const open = async (): Promise<void> => {
    const repository = draw.one(repositories);
    const title = `slugify drops the last word (${hands.count()})`;
    const made = await send<{ number: number }>('POST', `/repos/${repository}/issues`, { title, body: 'It does.' });
    issues.push({ repository, number: made.number, isClosed: false, labels: new Set() });
  };
  const one = async (): Promise<void> => {
    const isNew = issues.length < 5 || draw.chance(newIssues);
    const name = isNew ? 'open' : draw.one(names);
    acted[name] = (acted[name] ?? 0) + 1;
    // Those that were opened last get most of the attention.
    if (isNew) await open();
    else await acts[name]?.act(hands, draw.one(issues.slice(-60)));
  };
  return {
    acted,
    act: async (count) => {
      let left = count;
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          while (left > 0) {
            left -= 1;
            await one();
          }
        }),
      );
    },
  };
}

function comment({ send }: Hands, issue: OpenIssue, body: string): Promise<unknown> {
  return send('POST', `${place(issue)}/comments`, { body });
}

function place({ repository, number }: OpenIssue): string {
  return `/repos/${repository}/issues/${number}`;
}
