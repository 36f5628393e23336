import { mergeSettings, type Settings } from '../../src/domain/settings.ts';
import { admitEvent } from '../../src/flows/admit-event.ts';
import type { Admission, Gate } from '../../src/flows/gate.ts';
import type { PublishScene } from './publish-scene.ts';

/** Somebody comments on issue 1; what the gate makes of it. */
export type Say = (login: string, body: string, kind?: 'user' | 'bot') => Promise<Admission>;

/** The gate of a scene, and people who speak to it: alice administers, bob writes, carol and dora only read. */
export function spokenGate(
  { forge, claims, clock }: Pick<PublishScene, 'forge' | 'claims' | 'clock'>,
  settings: Partial<Settings>,
): { readonly gate: Gate; readonly say: Say } {
  for (const [login, permission] of [
    ['alice', 'admin'],
    ['bob', 'write'],
    ['carol', 'read'],
    ['dora', 'read'],
  ] as const) {
    forge.permissions.set(login, permission);
  }
  let ids = 0;
  const gate: Gate = {
    forge,
    claims,
    clock,
    newId: () => {
      ids += 1;
      return `01JE${String(ids).padStart(22, '0')}`;
    },
    log: () => {},
    settingsFrom: async () => mergeSettings([{ source: 'test', values: settings }]).values,
    version: '0.1.0',
  };
  return {
    gate,
    say: (login, body, kind = 'user') => {
      const { id, createdAt } = forge.seedComment(1, body, login);
      const { title, body: text } = forge.issues.get(1) ?? { title: '', body: '' };
      const issue = { number: 1, title, body: text, isPullRequest: false, updatedAt: undefined };
      const event = { kind: 'comment', issue, comment: { id, body, createdAt }, sender: { login, kind } } as const;
      return admitEvent(gate, event, AbortSignal.timeout(20_000));
    },
  };
}
