import type { Mailbox } from '../../ports/mailbox.ts';
import {
  acknowledgeMessage,
  listMessages,
  receiveMessages,
  redriveMessage,
  sendMessage,
} from '../../wire/endpoints/messages.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

/** Messages between agents at a coordinator. */
export function createCoordinatorMailbox(api: CoordinatorApi): Mailbox {
  return {
    send: async (message) => (await api.call(sendMessage, { body: { message } })).value.kind,
    receive: async (to, { limit, visibilityMs }) =>
      (await api.call(receiveMessages, { body: { to, limit, visibilityMs } })).value.messages,
    acknowledge: async (receipt) => (await api.call(acknowledgeMessage, { body: { receipt } })).value.acknowledged,
    dead: async (to) => (await api.call(listMessages, { query: { dead: to } })).value.messages,
    redrive: async (id) => (await api.call(redriveMessage, { body: { id } })).value.redriven,
    about: async (task) => (await api.call(listMessages, { query: { task } })).value.messages,
  };
}
