import { couldBeAgents } from '../../domain/branch-name.ts';
import { verdictOf } from '../../domain/checks/check-verdict.ts';
import { EntropyError } from '../../domain/error.ts';
import { dispatchType, type ScheduledOrder, type TriggerEvent } from '../../domain/trigger-event.ts';

/** Names of the event and its payload as GitHub gives them: `GITHUB_EVENT_NAME`, and the JSON at `GITHUB_EVENT_PATH`. */
export interface GitHubEvent {
  readonly name: string;
  readonly payload: unknown;
  /** Of a schedule, whose payload says neither: whose workflow file it is, by GitHub's word, and what that file asks for. */
  readonly schedule?: { readonly actor: string; readonly order?: ScheduledOrder };
}

/** Reads what we use of an event and nothing else. Throws E103 when the payload is not what its name promises. */
export async function readTriggerEvent(event: GitHubEvent): Promise<TriggerEvent> {
  // Loaded here: no other path of a cold start needs the parser.
  const { payloadShapes } = await import('./payload-shapes.ts');
  const shape = await payloadShapes();
  const read = <Value>(schema: { parse(data: unknown): Value }): Value => {
    try {
      return schema.parse(event.payload);
    } catch (cause) {
      throw new EntropyError({
        code: 'E103',
        message: `the payload of the ${event.name} event cannot be read: ${problems(cause)}`,
        fix: fixes[event.name] ?? 'run this action in a workflow that GitHub started; see docs/commands.md',
        cause,
      });
    }
  };
  const action = (): string => read(shape.action).action;

  switch (event.name) {
    case 'issue_comment':
      if (action() !== 'created') return unrelated('only new comments can hold commands');
      return { kind: 'comment', ...read(shape.issueComment) };
    case 'issues':
      switch (action()) {
        case 'labeled':
          return { kind: 'label', ...read(shape.issueLabeled) };
        case 'assigned':
          return { kind: 'assigned', ...read(shape.issueAssigned) };
        case 'opened':
          return { kind: 'opened', ...read(shape.issueOpened) };
        case 'closed':
          return { kind: 'closed', ...read(shape.issueOpened) };
        default:
          return unrelated('of the issues events "labeled", "assigned", "opened" and "closed" count');
      }
    case 'pull_request':
      switch (action()) {
        case 'labeled': {
          const { pull_request: issue, label, sender } = read(shape.pullLabeled);
          return { kind: 'label', issue, label, sender };
        }
        case 'opened':
        case 'ready_for_review':
        case 'synchronize': {
          const { pull_request: issue, sender } = read(shape.pull);
          return { kind: 'pull', issue, sender };
        }
        case 'closed': {
          const { pull_request: issue, sender } = read(shape.pull);
          return { kind: 'closed', issue, sender };
        }
        default:
          return unrelated(
            'of the pull_request events "labeled", "opened", "ready_for_review", "synchronize" and "closed" count',
          );
      }
    case 'pull_request_review': {
      if (action() !== 'submitted') return unrelated('only a review that is handed in counts');
      const { pull_request: issue, review, sender } = read(shape.review);
      const { state, ...rest } = review;
      return { kind: 'review', issue, review: { ...rest, demands: state === 'changes_requested' }, sender };
    }
    case 'pull_request_review_comment': {
      if (action() !== 'created') return unrelated('only new comments count');
      const { pull_request: issue, comment, sender } = read(shape.lineComment);
      return { kind: 'line-comment', issue, comment, sender };
    }
    case 'check_run':
    case 'workflow_run':
      if (action() !== 'completed') return unrelated('only what has ended counts');
      return checksOf(event.name === 'check_run' ? read(shape.checkRun) : read(shape.workflowRun), event.name);
    case 'status': {
      if (read(shape.state).state === 'pending') return unrelated('only what has ended counts');
      const { headSha, state, branches, sender } = read(shape.status);
      const branch = branches.find(couldBeAgents) ?? branches[0] ?? null;
      return checksOf({ headSha, branch, conclusion: state, foreign: false, sender }, event.name);
    }
    case 'push': {
      const { ref, deleted } = read(shape.pushedRef);
      const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
      if (branch === undefined || deleted === true) return unrelated('no branch went on');
      if (couldBeAgents(branch)) return unrelated("the branch is an agent's, and no base");
      return { kind: 'pushed', branch, ...read(shape.pushedBy) };
    }
    case 'workflow_dispatch': {
      const { inputs, sender } = read(shape.workflowDispatch);
      return dispatchOf(inputs, sender);
    }
    case 'repository_dispatch': {
      if (action() !== dispatchType) return unrelated(`only the type ${dispatchType} is for us`);
      const { client_payload, sender } = read(shape.repositoryDispatch);
      return dispatchOf(client_payload, sender);
    }
    case 'schedule': {
      if (event.schedule === undefined) return unrelated('a schedule is heard where its workflow runs');
      const { actor, order } = event.schedule;
      return {
        kind: 'schedule',
        ...(order && { order }),
        sender: { login: actor, kind: actor.endsWith('[bot]') ? 'bot' : 'user' },
      };
    }
    default:
      return unrelated(`the event ${event.name} starts no agents`);
  }
}

interface ReadCheck {
  readonly headSha: string;
  readonly branch: string | null;
  readonly conclusion: string | null;
  /** From a branch of another repository. */
  readonly foreign: boolean;
  readonly sender: Extract<TriggerEvent, { readonly kind: 'checks' }>['sender'];
}

/** An end that says nothing is the last one at times, and whoever waits for all of them has to hear of it. */
function checksOf(
  { headSha, branch, conclusion, foreign, sender }: ReadCheck,
  name: 'check_run' | 'status' | 'workflow_run',
): TriggerEvent {
  if (foreign || branch === null) return unrelated('the check is of no branch of this repository');
  if (!couldBeAgents(branch)) return unrelated('the check is of no branch of an agent');
  const failed = verdictOf(conclusion) === 'failed';
  return { kind: 'checks', headSha, branch, failed, told: name === 'workflow_run' ? 'workflow' : 'each', sender };
}

function dispatchOf(
  {
    issue,
    command,
    step,
  }: {
    readonly issue: number;
    readonly command?: string | null | undefined;
    readonly step?: string | null | undefined;
  },
  sender: Extract<TriggerEvent, { readonly kind: 'dispatch' }>['sender'],
): TriggerEvent {
  // An input that nobody filled in comes as an empty text.
  const wanted = step?.trim() ?? '';
  return {
    kind: 'dispatch',
    issueNumber: issue,
    command: command ?? '',
    ...(wanted !== '' && { step: wanted }),
    sender,
  };
}

const fixes: Readonly<Record<string, string>> = {
  workflow_dispatch:
    'give the workflow the inputs `issue` (a number) and, if you like, `command` (such as `fix --budget 1usd`); see docs/commands.md',
  repository_dispatch:
    'send {"event_type": "entropy-agent", "client_payload": {"issue": 42, "command": "fix"}}; see docs/commands.md',
};

function unrelated(reason: string): TriggerEvent {
  return { kind: 'unrelated', reason };
}

/** Where and what, without the values: those are a stranger's. */
function problems(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('issues' in cause) || !Array.isArray(cause.issues)) {
    return String(cause);
  }
  return cause.issues
    .slice(0, 5)
    .map((issue: { path: PropertyKey[]; message: string }) => `${issue.path.join('.') || 'payload'}: ${issue.message}`)
    .join('; ');
}
