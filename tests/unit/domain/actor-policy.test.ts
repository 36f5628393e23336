import { describe, expect, it } from 'vitest';
import { type ActorPolicy, decideActor, mayExceedLimits } from '../../../src/domain/actor-policy.ts';
import { permissions } from '../../../src/domain/permission.ts';

const policy: ActorPolicy = { minimum: 'write', allowUsers: ['carol'], allowedBots: ['renovate[bot]'] };
const person = (login: string) => ({ login, kind: 'user' }) as const;

describe('who may start agents', () => {
  it.each(permissions)('a person with %s, from write on', (permission) => {
    const allowed = permission === 'write' || permission === 'maintain' || permission === 'admin';
    expect(decideActor(person('dave'), permission, policy).kind).toBe(allowed ? 'allowed' : 'refused');
  });

  it('a listed person, in whatever case their name is written', () => {
    expect(decideActor(person('Carol'), 'none', policy)).toEqual({ kind: 'allowed', because: 'listed' });
    expect(decideActor(person('carola'), 'none', policy).kind).toBe('refused');
  });

  it('a listed bot, and no other, whatever its permission', () => {
    expect(decideActor({ login: 'renovate[bot]', kind: 'bot' }, 'none', policy).kind).toBe('allowed');
    expect(decideActor({ login: 'evil[bot]', kind: 'bot' }, 'admin', policy).kind).toBe('bot');
    expect(decideActor({ login: 'evil[bot]', kind: 'user' }, 'admin', policy).kind).toBe('bot');
    expect(decideActor({ login: 'renovate', kind: 'bot' }, 'admin', policy).kind).toBe('bot');
  });

  it('not a person who carries the name of a listed bot', () => {
    expect(decideActor(person('renovate'), 'read', policy).kind).toBe('refused');
  });

  it('not a bot that carries the name of a listed person', () => {
    expect(decideActor({ login: 'carol', kind: 'bot' }, 'none', policy).kind).toBe('bot');
  });

  it('beyond the limits: who could change them', () => {
    expect(permissions.filter(mayExceedLimits)).toEqual(['maintain', 'admin']);
  });
});
