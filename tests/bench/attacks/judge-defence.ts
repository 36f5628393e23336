import type { AttackId } from '../../attack/catalogue/attack.ts';
import type { Tried } from '../../attack/catalogue/try-attack.ts';
import type { Defence } from '../../attack/defences/defence.ts';
import { tryInProcess } from './try-in-process.ts';

export interface JudgedDefence {
  readonly defence: string;
  /** The ids that were no longer contained without it. */
  readonly noticedBy: readonly AttackId[];
  readonly problems: readonly string[];
}

/** Long enough for all attacks one after the other, each of which has a deadline of its own. */
const deadlineMs = 600_000;

/**
 * Tries what could be affected without one defence. Each id that it names has to be missed by at least one of its attacks, and no other
 * id by any. Who is told by `affected` runs something of the defence.
 */
export async function judgeDefence({ id, noticedBy }: Defence, affected: readonly string[]): Promise<JudgedDefence> {
  const attacks = [...noticedBy, ...affected];
  const { tried, fault } = await tryInProcess({ attacks, hole: id, deadlineMs });
  const missed = await confirmed(id, idsOf(tried.filter(({ contained }) => contained === false)), noticedBy);
  const judged = idsOf(tried.filter(({ missing }) => missing === undefined));
  const lacking = new Set(idsOf(tried).filter((each) => !judged.includes(each)));
  const asleep = noticedBy.filter((each) => !missed.includes(each) && !lacking.has(each));
  const surprised = missed.filter((each) => !noticedBy.includes(each));
  return {
    defence: id,
    noticedBy: missed,
    problems: [
      ...(fault === undefined ? [] : [`without "${id}" the attacks could not all be tried: ${fault}`]),
      ...(noticedBy.length === 0 ? [`"${id}" has no test that would notice`] : []),
      ...asleep.map((each) => `${each} is contained without "${id}", which it ought to notice`),
      ...surprised.map((each) => `${each} is not contained without "${id}", which does not name it`),
    ],
  };
}

/** Whoever was not named is tried again alone: an attack that got out may have spoilt the process for those after it. */
async function confirmed(
  hole: string,
  missed: readonly AttackId[],
  named: readonly AttackId[],
): Promise<readonly AttackId[]> {
  const sure: AttackId[] = [];
  for (const id of missed) {
    if (named.includes(id)) {
      sure.push(id);
      continue;
    }
    const { tried } = await tryInProcess({ attacks: [id], hole, deadlineMs });
    if (tried.some(({ contained }) => contained === false)) sure.push(id);
  }
  return sure;
}

function idsOf(tried: readonly Tried[]): readonly AttackId[] {
  return [...new Set(tried.map(({ id }) => id))];
}
