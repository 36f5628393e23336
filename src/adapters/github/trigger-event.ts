import { EntropyError } from '../../domain/error.ts';
import type { EventIssue, TriggerEvent } from '../../domain/trigger-event.ts';

/** Names of the event and its payload as GitHub gives them: `GITHUB_EVENT_NAME`, and the JSON at `GITHUB_EVENT_PATH`. */
export interface GitHubEvent {
  readonly name: string;
  readonly payload: unknown;
}

/** The `event_type` of a `repository_dispatch` that is meant for us. */
export const dispatchType = 'entropy-agent';

/** Reads what we use of an event and nothing else. Throws E103 when the payload is not what its name promises. */
export async function readTriggerEvent(event: GitHubEvent): Promise<TriggerEvent> {
  // Loaded here: no other path of a cold start needs the parser.
  const { z } = await import('zod');
  const login = z.string().min(1).max(100);
  const sender = z.object({ login, type: z.string().optional() }).transform(({ login: name, type }) => ({
    login: name,
    kind: type === 'Bot' ? ('bot' as const) : ('user' as const),
  }));
  const number = z.int().positive();
  const issue = z
    .object({
      number,
      title: z.string(),
      body: z.string().nullish(),
      pull_request: z.unknown().optional(),
      updated_at: z.string().optional(),
    })
    .transform(
      (found): EventIssue => ({
        number: found.number,
        title: found.title,
        body: found.body ?? '',
        isPullRequest: found.pull_request !== undefined && found.pull_request !== null,
        updatedAt: found.updated_at,
      }),
    );
  const action = z.object({ action: z.string() });
  /** Inputs are text; a program may send the number as one. */
  const issueNumber = z
    .union([number, z.string().regex(/^\s*#?[1-9][0-9]{0,9}\s*$/)])
    .transform((text) => (typeof text === 'number' ? text : Number(text.trim().replace('#', ''))));
  const asked = z.object({ issue: issueNumber, command: z.string().max(2_000).nullish() });

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

  switch (event.name) {
    case 'issue_comment': {
      if (read(action).action !== 'created') return unrelated('only new comments can hold commands');
      const comment = z
        .object({ id: number, body: z.string().nullish(), created_at: z.string() })
        .transform(({ id, body, created_at }) => ({ id, body: body ?? '', createdAt: created_at }));
      return { kind: 'comment', ...read(z.object({ issue, comment, sender })) };
    }
    case 'issues': {
      if (read(action).action !== 'labeled') return unrelated('of the issues events only "labeled" starts agents');
      const label = z.object({ name: z.string() }).transform(({ name }) => name);
      return { kind: 'label', ...read(z.object({ issue, label, sender })) };
    }
    case 'workflow_dispatch': {
      const { inputs, sender: by } = read(z.object({ inputs: asked, sender }));
      return { kind: 'dispatch', issueNumber: inputs.issue, command: inputs.command ?? '', sender: by };
    }
    case 'repository_dispatch': {
      if (read(action).action !== dispatchType) return unrelated(`only the type ${dispatchType} is for us`);
      const { client_payload, sender: by } = read(z.object({ client_payload: asked, sender }));
      return { kind: 'dispatch', issueNumber: client_payload.issue, command: client_payload.command ?? '', sender: by };
    }
    default:
      return unrelated(`the event ${event.name} starts no agents`);
  }
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
