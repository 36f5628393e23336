import { expect, it } from 'vitest';
import { toolbox, toolsFor } from '../../../src/agent/toolbox.ts';
import { toolNames } from '../../../src/domain/tool-names.ts';

const namesOf = (tools: typeof toolbox) => tools.map(({ spec }) => spec.name);

it('the toolbox holds one tool for each name that a policy can say', () => {
  expect(namesOf(toolbox)).toEqual(toolNames);
});

it('without a policy all tools are there; what is denied is not, whatever is allowed', () => {
  expect(toolsFor(undefined)).toBe(toolbox);
  expect(namesOf(toolsFor({ allowedTools: [], deniedTools: ['bash'] }))).not.toContain('bash');
  expect(namesOf(toolsFor({ allowedTools: ['bash', 'read_file'], deniedTools: ['bash'] }))).toEqual([
    'read_file',
    'submit',
    'ask',
  ]);
});
