import type { ClaimKey } from '../claim.ts';
import type { ActivityEvent } from './activity.ts';

/** Which events somebody asks for; absent: all. */
export interface ActivityWanted {
  /** At or after this moment, milliseconds since 1970. */
  readonly since?: number;
  readonly task?: ClaimKey;
  readonly run?: string;
  /** By this agent's id, or by any actor that begins so when it ends in `/`. */
  readonly actor?: string;
  /** `github/octo/slug/`: tasks that begin so. */
  readonly taskPrefix?: string;
}

export function isWanted(event: ActivityEvent, { since, task, run, actor, taskPrefix }: ActivityWanted): boolean {
  const recent = since === undefined || event.at >= since;
  const aboutTask = task === undefined || event.task === task;
  const aboutRun = run === undefined || event.run === run;
  const byActor = actor === undefined || (actor.endsWith('/') ? event.actor.startsWith(actor) : event.actor === actor);
  const within = taskPrefix === undefined || event.task?.startsWith(taskPrefix) === true;
  return recent && aboutTask && aboutRun && byActor && within;
}
