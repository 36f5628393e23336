import { describe, expect, it } from 'vitest';
import { readRoleLabel } from '../../../src/domain/role-label.ts';

describe('a label', () => {
  it.each([
    ['agent', { kind: 'role', role: 'coder' }],
    ['Agent', { kind: 'role', role: 'coder' }],
    ['agent:coder', { kind: 'role', role: 'coder' }],
    ['agent: coder', { kind: 'role', role: 'coder' }],
    ['agent:reviewer', { kind: 'unknown-role', name: 'reviewer' }],
    ['agent:', { kind: 'unknown-role', name: '' }],
    ['agents', { kind: 'other' }],
    ['user-agent', { kind: 'other' }],
    ['bug', { kind: 'other' }],
  ])('%s reads as %j', (label, read) => {
    expect(readRoleLabel(label, 'agent')).toEqual(read);
  });
});
