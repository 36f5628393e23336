import { expect, it } from 'vitest';
import { defaultSettings } from '../../../src/domain/settings.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import { issueOfEvent } from '../../../src/flows/issue-of-event.ts';
import { gateFixture } from './admit-event.fixture.ts';

const sender = { login: 'bob', kind: 'user' } as const;
const settings = async () => defaultSettings;

it('of a pull request, or of a check, is the one that an agent made it for', async () => {
  const at = gateFixture();
  const own = at.openPull({ branch: 'agent/1/f1-x' });
  const fork = at.openPull({ branch: 'agent/1/f2-x', fromFork: true });
  const other = at.openPull({ branch: 'patch-1' });
  const of = (event: TriggerEvent) => issueOfEvent({ forge: at.forge, settings }, event);
  const said = (number: number) => of(at.commentEvent('Nice.', 'bob', number));
  expect(await said(1)).toBe(1);
  expect(await said(own)).toBe(1);
  expect(await said(fork)).toBeUndefined();
  expect(await said(other)).toBeUndefined();
  const check = { kind: 'checks', headSha: 'a'.repeat(40), failed: true, told: 'each', sender } as const;
  expect(await of({ ...check, branch: 'agent/1/f1-x' })).toBe(1);
  expect(await of({ ...check, branch: 'theirs/1/f1-x' })).toBeUndefined();
  expect(await of({ kind: 'dispatch', issueNumber: 7, command: 'fix', sender })).toBe(7);
  expect(await of({ kind: 'schedule', sender })).toBeUndefined();
});
