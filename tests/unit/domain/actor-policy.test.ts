import { describe, expect, it } from 'vitest';
import { type ActorPolicy, decideActor, mayExceedLimits } from '../../../src/domain/actor-policy.ts';
import { permissions } from '../../../src/domain/permission.ts';

const policy: ActorPolicy = { command: 'fix', who: {}, allowUsers: ['carol'], allowedBots: ['renovate[bot]'] };
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

  it('approving by name only together with a right to write: a login can be given up and taken by somebody else', () => {
    const named: ActorPolicy = { ...policy, command: 'approve', who: { approve: ['@alice'] } };
    expect(decideActor(person('alice'), 'write', named)).toEqual({ kind: 'allowed', because: 'named' });
    expect(decideActor(person('alice'), 'none', named).kind).toBe('refused');
    expect(decideActor(person('bob'), 'admin', named).kind).toBe('refused');
  });

  it('a command that the policy names: whoever it names, and nobody else', () => {
    const strict: ActorPolicy = { ...policy, who: { fix: ['maintain', '@Dana', 'octo/agents'] } };
    expect(decideActor(person('mike'), 'maintain', strict)).toEqual({ kind: 'allowed', because: 'permission' });
    expect(decideActor(person('dana'), 'read', strict)).toEqual({ kind: 'allowed', because: 'named' });
    const otherwise = { kind: 'refused', permission: 'write', needed: ['maintain', '@Dana', 'octo/agents'] };
    const teams = [{ org: 'octo', slug: 'agents' }];
    expect(decideActor(person('wendy'), 'write', strict)).toEqual({ kind: 'members-of', teams, otherwise });
    expect(decideActor(person('carol'), 'read', strict).kind).toBe('members-of');
    expect(decideActor({ login: 'renovate[bot]', kind: 'bot' }, 'none', strict).kind).toBe('bot');
    const withBot: ActorPolicy = { ...policy, who: { fix: ['renovate[bot]', 'evil[bot]'] } };
    expect(decideActor({ login: 'renovate[bot]', kind: 'bot' }, 'none', withBot).kind).toBe('allowed');
    expect(decideActor({ login: 'evil[bot]', kind: 'bot' }, 'none', withBot).kind).toBe('bot');
  });

  it('approving: neither a bot nor somebody who is only let in to ask for work', () => {
    const approving: ActorPolicy = { ...policy, command: 'approve' };
    expect(decideActor(person('carol'), 'read', approving).kind).toBe('refused');
    expect(decideActor(person('bob'), 'write', approving).kind).toBe('allowed');
    expect(decideActor({ login: 'renovate[bot]', kind: 'bot' }, 'admin', approving).kind).toBe('bot');
  });

  it('what a repository says of one command changes no other', () => {
    const others: ActorPolicy = { ...policy, command: 'stop', who: { fix: ['admin'] } };
    expect(decideActor(person('bob'), 'write', others).kind).toBe('allowed');
  });

  it('beyond the limits: who could change them', () => {
    expect(permissions.filter(mayExceedLimits)).toEqual(['maintain', 'admin']);
  });
});
