import type { Brief } from '../../domain/brief.ts';
import { markOf } from '../../domain/markers.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { remarkIds } from '../../domain/stages/told-remarks.ts';
import { trackingOp } from '../../domain/tracking-comment.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Saying } from './open-conversations.ts';

/** What earlier runs of the coder were told of what people said. */
export interface ToldBefore {
  readonly ids: ReadonlySet<number>;
  /** ISO 8601: a run began then, which was told all that was open. */
  readonly until?: string;
}

export const nothingTold: ToldBefore = { ids: new Set() };

export function wasTold({ ids, until }: ToldBefore, { id, at }: Pick<Saying, 'id' | 'at'>): boolean {
  return ids.has(id) || (until !== undefined && Date.parse(at) <= Date.parse(until));
}

/** Ids of the remarks that a run was told of. */
export function remarkIdsOf(brief: Brief | undefined): ReadonlySet<number> {
  return new Set(remarkIds(brief?.reasons ?? []));
}

/** By the team's own books, which name each remark. */
export function toldByTeam({ told = [], reasons }: Pick<TeamRecord, 'told' | 'reasons'>): ToldBefore {
  return { ids: new Set([...told, ...remarkIds(reasons)]) };
}

/**
 * When the newest run on the issue began, by its comment: it was told everything that was open then. What was said while its gate
 * was reading is looked for when it ends.
 */
export async function lastRunBegan(
  forge: Pick<Forge, 'isOwnAuthor'>,
  comments: readonly { readonly author: string; readonly body: string; readonly createdAt: string }[],
): Promise<string | undefined> {
  for (const { author, body, createdAt } of comments.toReversed()) {
    const mark = markOf(body);
    if (mark?.op === trackingOp && (await forge.isOwnAuthor(author))) return createdAt;
  }
  return undefined;
}
