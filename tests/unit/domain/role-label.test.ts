import { describe, expect, it } from 'vitest';
import { readRoleLabel } from '../../../src/domain/role-label.ts';

describe('a label', () => {
  it.each([
    ['agent', { kind: 'default' }],
    ['Agent', { kind: 'default' }],
    ['agent:coder', { kind: 'role', role: 'coder' }],
    ['agent: coder', { kind: 'role', role: 'coder' }],
    ['agent:security-reviewer', { kind: 'role', role: 'security-reviewer' }],
    ['agent:needs info', { kind: 'unknown-role', name: 'needs info' }],
    ['agent:', { kind: 'unknown-role', name: '' }],
    ['agents', { kind: 'other' }],
    ['user-agent', { kind: 'other' }],
    ['bug', { kind: 'other' }],
  ])('%s reads as %j', (label, read) => {
    expect(readRoleLabel(label, 'agent')).toEqual(read);
  });
});
