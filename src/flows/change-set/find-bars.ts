import { type Bar, barredBy } from '../../domain/change-set/bars.ts';
import type { AskedMember, ChangeSet } from '../../domain/change-set/change-set.ts';
import { beyondAllowed } from '../../domain/change-set/read-asked.ts';
import { isAtLeast } from '../../domain/permission.ts';
import { fullName, parseFullName, sameRepository } from '../../domain/repository.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Forge } from '../../ports/forge.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { judgeSender } from '../judge-sender.ts';
import { readSettings } from '../read-settings.ts';
import type { ChangeSetDesk } from './change-set-desk.ts';

interface Asking {
  readonly login: string;
  readonly members: readonly Pick<AskedMember, 'repository'>[];
}

/** Repositories of the set that whoever asks may not have changed from here, by GitHub's word of now. */
export async function findBars(desk: ChangeSetDesk, here: Forge, { login, members }: Asking): Promise<readonly Bar[]> {
  const home = fullName(here.repository);
  const others = members.map(({ repository }) => repository).filter((name) => !sameRepository(name, home));
  const isPublic = await here.isPublic();
  const told = await Promise.all(
    others.map(async (repository): Promise<readonly Bar[]> => {
      const place = parseFullName(repository);
      if (place === undefined || (await desk.installationOf(place)) === undefined) {
        return [{ repository, kind: 'not-installed' }];
      }
      const there = desk.connect(place).forge;
      const [permission, thereIsPublic] = await Promise.all([there.permissionOf(login), there.isPublic()]);
      if (!isAtLeast(permission, 'write')) return [{ repository, kind: 'no-write' }];
      return thereIsPublic === isPublic ? [] : [{ repository, kind: 'not-alike' }];
    }),
  );
  return told.flat();
}

/**
 * The same for a set that goes on: nothing of what was asked when it was begun is believed any longer than until the next look.
 * Whoever asked may have lost a right since, a repository may have gone from the list, or from public to private. `phrase`: what
 * commands begin with on the set's issue.
 */
export async function barsOf(
  room: Pick<DispatchRoom, 'connect' | 'installationOf' | 'settingsFrom'>,
  here: Forge,
  set: ChangeSet,
): Promise<{ readonly bars: readonly Bar[]; readonly phrase: string }> {
  const { askedBy: login, members } = set;
  const settings = await settingsHere(room, here);
  const beyond = beyondAllowed(members, [...settings.changeSets, set.repository]);
  const bars: Bar[] = beyond.map((repository) => ({ repository, kind: 'not-listed' }));
  if (!(await mayAsk(here, login, settings))) bars.push({ repository: set.repository, kind: 'not-asked' });
  const left = members.filter(({ repository }) => !barredBy(bars, 'not-listed').includes(repository));
  bars.push(...(await findBars(room, here, { login, members: left })));
  return { bars, phrase: settings.triggerPhrase };
}

/** A file that is broken allows nothing. */
async function settingsHere({ settingsFrom }: Pick<DispatchRoom, 'settingsFrom'>, forge: Forge): Promise<Settings> {
  const branch = await forge.defaultBranch();
  return (await readSettings({ forge, settingsFrom }, await forge.branchHead(branch), branch)).settings;
}

async function mayAsk(forge: Forge, login: string, settings: Settings): Promise<boolean> {
  const asked = { kind: 'command', command: { name: 'fix', options: {} } } as const;
  const { decision } = await judgeSender(forge, { asked, sender: { login, kind: 'user' } }, settings);
  return decision.kind === 'allowed';
}
