import { parseCommand } from '../../../src/domain/command-parser.ts';
import type { RunRecord } from '../../../src/domain/coordination/run-record.ts';
import { requestNames } from '../../../src/domain/dispatch/request-names.ts';
import { type Marker, parseMarkers } from '../../../src/domain/markers.ts';
import type { SentDelivery } from './webhook-gateway.ts';

export interface WrittenComment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

export interface AskedIssue {
  readonly repository: string;
  readonly number: number;
  readonly comments: readonly WrittenComment[];
}

export interface AnswerFigures {
  readonly requests: number;
  readonly runs: number;
  readonly answers: number;
  readonly deadLettersTold: number;
  readonly problems: readonly string[];
}

/** Each request has its answer, each answer was written once, and each request has one run at most. */
export function judgeAnswers(
  issues: readonly AskedIssue[],
  { sent, runs }: { readonly sent: Iterable<SentDelivery>; readonly runs: readonly RunRecord[] },
): AnswerFigures {
  const problems: string[] = [];
  const marks = new Map<string, readonly Marker[]>();
  for (const issue of issues) {
    const written = issue.comments.flatMap(ourMark);
    marks.set(placeOf(issue.repository, issue.number), written);
    for (const twice of repeated(written.map(({ run, op, fence }) => `${op} of ${run} (${fence})`))) {
      problems.push(`${placeOf(issue.repository, issue.number)}: two comments ${twice}`);
    }
    for (const { body, user } of issue.comments) {
      if (isOurs(user.login) && body.includes('\nWaits in line'))
        problems.push(`${placeOf(issue.repository, issue.number)} still waits`);
    }
  }
  const runsBySuffix = Map.groupBy(runs, ({ id }) => id.slice(-suffixLength));
  const figures = { requests: 0, runs: 0, answers: 0, deadLettersTold: 0 };
  for (const request of requestsIn(sent)) {
    figures.requests += 1;
    const known = runsBySuffix.get(request.suffix) ?? [];
    const said = (marks.get(request.place) ?? []).filter(
      ({ run, op }) =>
        run.endsWith(request.suffix) ||
        op.toUpperCase().endsWith(request.suffix) ||
        (request.comment !== undefined && op.endsWith(`-to-${request.comment}`)),
    );
    if (known.length > 1) problems.push(`${request.what}: ${known.length} runs`);
    if (known.length === 0 && said.length === 0) problems.push(`${request.what}: no answer`);
    if (known.length > 0) figures.runs += 1;
    else figures.answers += 1;
    if (said.some(({ op }) => op === 'dead-letter')) figures.deadLettersTold += 1;
    for (const run of known) {
      if (!said.some(({ op }) => op === 'tracking')) problems.push(`${request.what}: the run ${run.id} has no comment`);
    }
  }
  return { ...figures, problems };
}

export function placeOf(repository: string, issue: number): string {
  return `${repository}#${issue}`;
}

export function isOurs(login: string): boolean {
  return login === 'agents[bot]';
}

interface Request {
  readonly what: string;
  readonly place: string;
  readonly comment?: number;
  /** What the ids of its runs end with: they are made of the delivery's body. */
  readonly suffix: string;
}

const suffixLength = 16;

function* requestsIn(sent: Iterable<SentDelivery>): Iterable<Request> {
  for (const { sha256, event, payload } of sent) {
    const { action, issue, comment, label, repository, sender } = payload as Readonly<
      Record<string, { [name: string]: unknown }>
    > & {
      readonly action: string;
    };
    if (sender?.['login'] !== 'alice') continue;
    const place = placeOf(String(repository?.['full_name']), Number(issue?.['number']));
    const suffix = requestNames({ receivedAt: 0, bodySha256: sha256 }, 0).runId.slice(-suffixLength);
    const body = String(comment?.['body'] ?? '');
    if (event === 'issue_comment' && action === 'created' && parseCommand(body, '/agent').kind !== 'none') {
      yield { what: `${place} "${body}" (${suffix})`, place, comment: Number(comment?.['id']), suffix };
    }
    if (event === 'issues' && action === 'labeled' && label?.['name'] === 'agent') {
      yield { what: `${place} label agent (${suffix})`, place, suffix };
    }
  }
}

function ourMark({ body, user }: WrittenComment): readonly Marker[] {
  return isOurs(user.login) ? parseMarkers(body.split('\n', 1)[0] ?? '').slice(0, 1) : [];
}

export function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
