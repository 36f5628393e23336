import { expect, it } from 'vitest';
import { isModelAllowed } from '../../../src/domain/model-policy.ts';

it.each([
  [[], 'claude-opus-4-8', true],
  [['claude-*'], 'claude-opus-4-8', true],
  [['claude-haiku-*'], 'claude-opus-4-8', false],
  [['claude-opus-4-?'], 'claude-opus-4-8', true],
  [['opus'], 'claude-opus-4-8', false],
  [['claude-opus-4-8'], 'claude-opus-4-8-fast', false],
  [['*'], 'vendor/model', true],
  [['vendor/*'], 'other/model', false],
  [['claude-opus-*'], 'anthropic', true],
  [['claude-opus-*'], 'anthropic:claude-haiku-4-5', false],
  [['claude-*'], 'scripted:demo.json', true],
] as const)('models.allowed %j and the model %s: %s', (globs, model, allowed) => {
  expect(isModelAllowed(globs, model)).toBe(allowed);
});
