import { repositoriesOf } from '../../domain/access/caller.ts';
import {
  acknowledgeMessage,
  listMessages,
  receiveMessages,
  redriveMessage,
  sendMessage,
} from '../../wire/endpoints/messages.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden, notUnderstood } from '../problems.ts';
import { answer, type Route, route, touchesNothing } from '../route.ts';

export function messageRoutes({ coordination }: AppParts): readonly Route[] {
  const { mailbox } = coordination;
  return [
    route(
      sendMessage,
      ({ body }) => ({ keys: [body.message.task], names: [body.message.from] }),
      async ({ body }) => {
        const tooLarge = Buffer.byteLength(JSON.stringify(body.message.body)) > wireLimits.messageBytes;
        if (tooLarge) return { kind: 'problem', problem: notUnderstood(messageTooLarge) };
        return answer({ kind: await mailbox.send(body.message) });
      },
    ),
    route(receiveMessages, touchesNothing, async ({ body, caller }) => {
      if (repositoriesOf(caller) !== undefined) return acrossRepositories;
      const { to, limit, visibilityMs } = body;
      return answer({ messages: await mailbox.receive(to, { limit, visibilityMs }) });
    }),
    route(acknowledgeMessage, touchesNothing, async ({ body, caller }) => {
      if (repositoriesOf(caller) !== undefined) return acrossRepositories;
      return answer({ acknowledged: await mailbox.acknowledge(body.receipt) });
    }),
    route(redriveMessage, touchesNothing, async ({ body, caller }) => {
      if (repositoriesOf(caller) !== undefined) return acrossRepositories;
      return answer({ redriven: await mailbox.redrive(body.id) });
    }),
    route(
      listMessages,
      ({ query }) => ({ keys: query.task === undefined ? [] : [query.task] }),
      async ({ query, caller }) => {
        const { task, dead } = query;
        if ((task === undefined) === (dead === undefined)) {
          return { kind: 'problem', problem: notUnderstood('name either task or dead') };
        }
        if (task !== undefined) return answer({ messages: await mailbox.about(task) });
        if (repositoriesOf(caller) !== undefined) return acrossRepositories;
        return answer({ messages: await mailbox.dead(dead ?? '') });
      },
    ),
  ];
}

const messageTooLarge = `the body of a message may be ${wireLimits.messageBytes} bytes long as JSON`;

/** A mailbox belongs to a role or an agent, and holds messages about all repositories. */
const acrossRepositories = {
  kind: 'problem',
  problem: forbidden(
    'mailboxes hold messages about all repositories, and this caller is limited to some',
    'use a key without a limit to repositories, or read the messages of one task: GET /v1/messages?task=',
  ),
} as const;
