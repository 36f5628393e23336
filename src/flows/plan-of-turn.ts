import type { Command } from '../domain/command.ts';
import type { PlanToFollow } from '../domain/task.ts';
import type { Gate, PermittedRequest } from './gate.ts';
import { heldAsShown } from './held-as-shown.ts';
import { readHeld } from './held-change.ts';
import { judgeSender } from './judge-sender.ts';
import { ownCommand } from './own-word.ts';
import type { TeamTurn } from './turn.ts';

/**
 * The plan that a person had approved, for a coder's step that is taken again. The record alone proves nothing: what is held must be
 * that very plan still, as its comment shows it; the person's own command must stand below that; and they must be somebody who may
 * approve. Undefined: nobody approved one, or it is carried out by now.
 */
export async function planOfTurn(
  gate: Gate,
  turn: TeamTurn,
  { settings }: Pick<PermittedRequest, 'settings'>,
): Promise<PlanToFollow | undefined> {
  const { forge } = gate;
  const { issue, record, command } = turn;
  const { hash, approvedBy } = record.plan ?? {};
  if (command !== 'fix' || record.stage !== 'code' || hash === undefined || approvedBy === undefined) return undefined;
  const held = await readHeld(forge, issue);
  if (held?.hash !== hash || held.record.plan.kind !== 'plan') return undefined;
  const comments = await forge.comments(issue);
  const { url: issueUrl } = await forge.issue(issue);
  const shown = await heldAsShown(forge, held, { issueUrl, comments });
  const names = ({ name, options }: Command): boolean => name === 'approve' && hash.startsWith(options.plan ?? ' ');
  const below = comments.filter(({ id }) => id > held.record.comment.id);
  const said = ownCommand(below, { login: approvedBy, phrase: settings.triggerPhrase, is: names });
  if (shown !== 'as-shown' || said === undefined) return withoutIt(gate, issue, 'its approval is not to be seen there');
  const asked = { kind: 'command', command: { name: 'approve', options: {} } } as const;
  const sender = { login: said.author, kind: 'user' } as const;
  const { decision } = await judgeSender(forge, { asked, sender }, settings);
  if (decision.kind !== 'allowed') return withoutIt(gate, issue, `@${said.author} may not approve it`);
  return { hash, approvedBy: said.author, plan: held.record.plan.report };
}

function withoutIt({ log }: Gate, issue: number, why: string): undefined {
  log(`team on #${issue}: no plan is followed, for ${why}`);
}
