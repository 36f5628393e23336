import { type ActorDecision, decideActor, isBot, type RefusedActor, type Team } from '../domain/actor-policy.ts';
import type { CommandName } from '../domain/command.ts';
import type { Permission } from '../domain/permission.ts';
import type { Settings } from '../domain/settings.ts';
import type { Forge } from '../ports/forge.ts';
import type { GateRequest } from './gate.ts';

export interface JudgedSender {
  /** GitHub's word for the sender; `none` for a bot, which is never asked about. */
  readonly permission: Permission;
  readonly decision:
    | { readonly kind: 'allowed' }
    /** `unseen`: teams whose members GitHub does not show to our token. */
    | (RefusedActor & { readonly command: CommandName; readonly unseen: readonly Team[] })
    | { readonly kind: 'bot' };
}

/** Whether whoever sent the event may ask for this: by the policy of the default branch and GitHub's word for that login. */
export async function judgeSender(
  forge: Pick<Forge, 'permissionOf' | 'isTeamMember'>,
  { asked, sender }: Pick<GateRequest, 'asked' | 'sender'>,
  { who, allowUsers, allowedBots }: Pick<Settings, 'who' | 'allowUsers' | 'allowedBots'>,
): Promise<JudgedSender> {
  const command = commandOf(asked);
  const permission = isBot(sender) ? 'none' : await forge.permissionOf(sender.login);
  const decision: ActorDecision = decideActor(sender, permission, { command, who, allowUsers, allowedBots });
  switch (decision.kind) {
    case 'allowed':
    case 'bot':
      return { permission, decision };
    case 'refused':
      return { permission, decision: { ...decision, command, unseen: [] } };
    case 'members-of': {
      const unseen: Team[] = [];
      for (const team of decision.teams) {
        const told = await forge.isTeamMember(team, sender.login);
        if (told === 'member') return { permission, decision: { kind: 'allowed' } };
        if (told === 'cannot-tell') unseen.push(team);
      }
      return { permission, decision: { ...decision.otherwise, command, unseen } };
    }
    default:
      return decision satisfies never;
  }
}

/** Words that are no command are answered to whoever may ask for help. */
function commandOf(asked: GateRequest['asked']): CommandName {
  switch (asked.kind) {
    case 'command':
      return asked.command.name;
    case 'invalid':
      return asked.name;
    case 'unknown':
    case 'role':
    case 'unknown-role':
      return 'help';
    default:
      return asked satisfies never;
  }
}
