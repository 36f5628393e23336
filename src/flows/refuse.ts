import { describeError, EntropyError } from '../domain/error.ts';
import { gateFailed } from '../domain/gate-answers.ts';
import { isQuiet } from '../domain/request-cause.ts';
import type { Admission, Gate, GateRequest, RefusalReason } from './gate.ts';
import { commentOnce } from './marked-comment.ts';

type Answered = Extract<Admission, { kind: 'answered' }>;

/** Says no on the issue: once for each request, however often its workflow run is repeated. Where nobody asked, to the log. */
export async function refuse(
  gate: Gate,
  request: GateRequest,
  { reason, text, aloud, once }: Refusal,
): Promise<Admission> {
  const silent = isQuiet(request.cause) && aloud !== true;
  if (silent) gate.log(`not told on #${request.issueNumber}, where nobody asked: ${text}`);
  const op = once === undefined ? opOf('refusal', gate, request) : `refusal-${once}`;
  const commented = !silent && (await say(gate, request, { op, text }));
  return { kind: 'refused', reason, text, commented };
}

interface Refusal {
  readonly reason: RefusalReason;
  readonly text: string;
  /** A person has to know it, although nobody asked. */
  readonly aloud?: boolean;
  /** What it is about, `checks-<sha>`: however many requests are refused for it, it is said once. Absent: once for each request. */
  readonly once?: string;
}

/** A person who may not start agents is told once on each issue; later tries get a sign on their comment. */
export async function refuseActor(gate: Gate, request: GateRequest, text: string): Promise<Admission> {
  const op = `refusal-${request.sender.login.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`;
  const commented = await say(gate, request, { op, text });
  const { comment } = request.approval;
  if (!commented && comment !== undefined) await gate.forge.reactToComment(comment.id, 'confused');
  return { kind: 'refused', reason: 'actor', text, commented };
}

/** Says that we failed. When even that fails, the log has both. */
export async function tellFault(gate: Gate, request: GateRequest, error: unknown): Promise<void> {
  const text = gateFailed(
    error instanceof EntropyError ? error.code : 'E900',
    describeError(error),
    gate.workflowRun?.url,
  );
  await say(gate, request, { op: opOf('fault', gate, request), text }).catch((second: unknown) => {
    gate.log(`not told on #${request.issueNumber}: ${describeError(second)}`);
  });
}

export async function answer(
  gate: Gate,
  request: GateRequest,
  { what, text }: { readonly what: Answered['what']; readonly text: string },
): Promise<Admission> {
  await say(gate, request, { op: opOf('answer', gate, request), text });
  return { kind: 'answered', what, text };
}

/** False when it was said before, or when the conversation takes no comment (locked, and the token may not anyway). */
async function say(
  { forge, log }: Gate,
  { issueNumber }: GateRequest,
  { op, text }: { readonly op: string; readonly text: string },
): Promise<boolean> {
  if (issueNumber === 0) {
    log(`there is no issue to say it on: ${text}`);
    return false;
  }
  try {
    const said = await commentOnce(forge, { mark: { issue: issueNumber, fence: 0, run: '0', op }, text });
    return said.kind === 'created';
  } catch (error) {
    const locked = error instanceof EntropyError && error.code === 'E200' && /locked/i.test(error.message);
    if (!locked) throw error;
    log(`not told on #${issueNumber}, which is locked: ${text}`);
    return false;
  }
}

/** One answer to one request: named by its comment, else by the delivery or the workflow run that brought it. */
function opOf(kind: string, gate: Gate, { approval, lineComment, review }: GateRequest): string {
  if (review !== undefined) return `${kind}-to-review-${review.id}`;
  if (lineComment !== undefined) return `${kind}-to-line-${lineComment.id}`;
  if (approval.comment !== undefined) return `${kind}-to-${approval.comment.id}`;
  if (gate.dispatch !== undefined) return `${kind}-to-request-${gate.dispatch.runId.toLowerCase()}`;
  const run = gate.workflowRun;
  return run === undefined ? `${kind}-to-${gate.newId().toLowerCase()}` : `${kind}-to-run-${run.id}`;
}
