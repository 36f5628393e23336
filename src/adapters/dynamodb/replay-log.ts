import { type CoordinationState, foldActivity, replayActivity } from '../../domain/coordination/replay.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { readLogEnd } from './log-event-item.ts';
import { logPages } from './read-log.ts';

export interface ReplayedLog extends CoordinationState {
  readonly messageIds: ReadonlySet<string>;
}

/** Everything that the log adds up to, in memory: for whoever looks through a whole table. */
export async function replayLog(table: DynamoTable): Promise<ReplayedLog> {
  const state = foldActivity([]);
  const { seq } = await readLogEnd(table);
  for await (const page of logPages(table, { after: 0, to: seq })) {
    for (const { event } of page) replayActivity(state, event.change, event.at);
  }
  return { ...state, messageIds: new Set(state.messages.map(({ id }) => id)) };
}
