import type { Settings } from '../domain/settings.ts';
import type { Forge } from '../ports/forge.ts';
import { judgeSender } from './judge-sender.ts';

export type Hearing = (login: string) => Promise<boolean>;

/** Words of whoever may start a coder are heard, by GitHub's word of now, listed bots too; each person is asked about once. */
export function hearing(
  forge: Pick<Forge, 'permissionOf' | 'isTeamMember'>,
  settings: Pick<Settings, 'who' | 'allowUsers' | 'allowedBots'>,
): Hearing {
  const known = new Map<string, Promise<boolean>>();
  const asked = { kind: 'command', command: { name: 'fix', options: {} } } as const;
  return (login) => {
    const sender = { login, kind: login.endsWith('[bot]') ? 'bot' : 'user' } as const;
    const before = known.get(login);
    if (before !== undefined) return before;
    const judged = judgeSender(forge, { asked, sender }, settings).then(({ decision }) => decision.kind === 'allowed');
    known.set(login, judged);
    return judged;
  };
}
