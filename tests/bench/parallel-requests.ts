import { Agent, request } from 'node:http';
import { claimOf } from '../fakes/coordinator-scene.ts';
import { serve } from '../fakes/serve-process.ts';

export interface ParallelResult {
  readonly sent: number;
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Sent again with the same Idempotency-Key, for the connection was cut before the answer came. */
  readonly repeated: number;
  /** What was lost, done twice or not told of. */
  readonly problems: readonly string[];
}

interface Sent {
  readonly path: string;
  readonly body: object;
}

/** No key sends more than its burst allows: the limits are those that everybody has. */
const perKey = 500;

/**
 * So many requests to a coordinator in a process of its own, all begun before the first is answered: two contenders for
 * every claim, messages of which some repeat an id, issues to mirror. Afterwards the state must hold each exactly once.
 */
export async function requestsInParallel(state: string, count: number): Promise<ParallelResult> {
  await using server = await serve(state);
  const tokens = await operatorKeys(server.url, server.adminKey ?? '', Math.ceil(count / perKey));
  await liftBudgets(server.url, server.adminKey ?? '');
  const requests = requestsFor(count);
  const agent = new Agent({ keepAlive: true, maxSockets: 10_000 });
  const started = performance.now();
  let repeated = 0;
  const answers = await Promise.all(
    requests.map(async (sent, index) => {
      const call = { token: tokens[index % tokens.length] ?? '', key: `call-${index}`, body: sent.body };
      for (let attempt = 1; ; attempt += 1) {
        const status = await post(agent, `${server.url}${sent.path}`, call);
        if (typeof status === 'number' || attempt === 5) return status;
        repeated += 1;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  const statuses: Record<string, number> = {};
  answers.forEach((status, index) => {
    const name = `${requests[index]?.path} ${status}`;
    statuses[name] = (statuses[name] ?? 0) + 1;
  });
  const problems = await problemsOf(server.url, tokens[0] ?? '', { count, statuses });
  return { sent: requests.length, seconds, statuses, repeated, problems };
}

function requestsFor(count: number): readonly Sent[] {
  const [claims, quarter] = [count / 4, count / 4];
  return Array.from({ length: count }, (_, index): Sent => {
    const number = Math.floor(index / 4) + 1;
    switch (index % 4) {
      case 0:
        return { path: '/v1/claims/acquire', body: claimOf(number, `a-${number}`) };
      case 1:
        // The same claim for somebody else, far from the first in the order of sending.
        return { path: '/v1/claims/acquire', body: claimOf(((number + claims / 2) % claims) + 1, `b-${number}`) };
      case 2:
        return { path: '/v1/messages', body: { message: messageOf(number % (quarter - quarter / 5)) } };
      default:
        return { path: '/v1/tasks/mirror', body: { issue: issueOf(number) } };
    }
  });
}

async function problemsOf(
  url: string,
  token: string,
  { count, statuses }: { readonly count: number; readonly statuses: Readonly<Record<string, number>> },
): Promise<readonly string[]> {
  const quarter = count / 4;
  const expected: Readonly<Record<string, number>> = {
    '/v1/claims/acquire 200': quarter,
    '/v1/claims/acquire 409': quarter,
    '/v1/messages 200': quarter,
    '/v1/tasks/mirror 200': quarter,
  };
  const problems: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(statuses)])) {
    if (statuses[name] !== expected[name]) problems.push(`${name}: ${statuses[name] ?? 0}, not ${expected[name] ?? 0}`);
  }
  const events: Record<string, number> = {};
  const seen = new Set<string>();
  let after = 0;
  for (;;) {
    const page = await get<{ readonly events: readonly Event[] }>(`${url}/v1/activity?limit=500&after=${after}`, token);
    for (const event of page.events) {
      if (event.seq !== after + 1) problems.push(`a hole in the stream before ${event.seq}`);
      after = event.seq;
      events[event.change.type] = (events[event.change.type] ?? 0) + 1;
      if (event.change.type === 'claim.acquired' && seen.size === seen.add(String(event.task)).size) {
        problems.push(`${event.task} was granted twice`);
      }
    }
    if (page.events.length === 0) break;
  }
  const told = { 'claim.acquired': quarter, 'message.sent': quarter - quarter / 5, 'task.mirrored': quarter };
  for (const [type, wanted] of Object.entries(told)) {
    if (events[type] !== wanted) problems.push(`${type}: ${events[type] ?? 0} events, not ${wanted}`);
  }
  const { total } = await get<{ readonly total: number }>(`${url}/v1/tasks?limit=1`, token);
  if (total !== quarter) problems.push(`${total} tasks, not ${quarter}`);
  return problems;
}

interface Event {
  readonly seq: number;
  readonly task?: string;
  readonly change: { readonly type: string };
}

interface Call {
  readonly token: string;
  readonly key: string;
  readonly body: object;
}

/** The status, or what became of the connection. */
function post(agent: Agent, url: string, { token, key, body }: Call): Promise<number | string> {
  const text = JSON.stringify(body);
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      'content-length': Buffer.byteLength(text),
    };
    const sending = request(url, { method: 'POST', agent, headers, timeout: 280_000 }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 'no status'));
    });
    sending.on('timeout', () => sending.destroy(new Error('timeout')));
    sending.on('error', (error) => resolve(error.message));
    sending.end(text);
  });
}

async function get<Answer>(url: string, token: string): Promise<Answer> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Every claim draws from budgets; here none of them may stand in the way. */
async function liftBudgets(url: string, admin: string): Promise<void> {
  for (const scope of [
    'repository/octo/slug',
    'repository/octo/slug/day',
    'organisation/octo',
    'organisation/octo/day',
  ]) {
    const answer = await fetch(`${url}/v1/budget-caps/${encodeURIComponent(scope)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ caps: {} }),
    });
    if (!answer.ok) throw new Error(`${scope}: ${answer.status} ${await answer.text()}`);
  }
}

async function operatorKeys(url: string, admin: string, count: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const answer = await fetch(`${url}/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `operator-${number}`, role: 'operator' }),
    });
    const { secret } = (await answer.json()) as { readonly secret: string };
    tokens.push(secret);
  }
  return tokens;
}

function messageOf(number: number) {
  return {
    schema: 1,
    id: `message-${number}`,
    type: 'question',
    task: `github/octo/slug/issues/${number + 1}`,
    from: 'coder/1',
    to: 'reviewer',
    sentAt: 1,
    body: { number },
  };
}

function issueOf(number: number) {
  return {
    repository: 'octo/slug',
    number,
    kind: 'issue',
    title: `issue ${number}`,
    body: '',
    author: 'ada',
    forgeState: 'open',
    labels: [],
    assignees: [],
    comments: 0,
    createdAt: number,
    updatedAt: number,
  };
}
