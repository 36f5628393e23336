import { describe, expect, it } from 'vitest';
import { agentIdProblem, buildAgentIdentity, capabilitiesProblem } from '../../../src/domain/agent-identity.ts';
import { parseAgentVariables } from '../../../src/runtime/agent-variables.ts';

const defaults = { role: 'coder', runId: '01JD', version: '0.1.0', model: 'scripted' } as const;

describe('the identity of an agent', () => {
  it('is its role and run when nobody says more', () => {
    expect(buildAgentIdentity([], defaults)).toEqual({
      ...{ id: 'coder/01JD', role: 'coder', version: '0.1.0', model: 'scripted' },
    });
  });

  it('is what the first says who says something: the environment, then the file', () => {
    const environment = parseAgentVariables({
      ENTROPY_AGENT_ID: ' laptop/mona ',
      ENTROPY_AGENT_CAPABILITIES: 'typescript, sql',
      ENTROPY_AGENT_MODEL: '',
    });
    const file = { id: 'file', model: 'claude-opus-4-8', capabilities: [] };
    expect(buildAgentIdentity([environment, file], defaults)).toEqual({
      id: 'laptop/mona',
      role: 'coder',
      capabilities: ['typescript', 'sql'],
      version: '0.1.0',
      model: 'claude-opus-4-8',
    });
  });

  it('refuses variables that make no sense, all in one error', () => {
    const odd = {
      ENTROPY_AGENT_ID: 'two words',
      ENTROPY_AGENT_ROLE: 'The Emperor',
      ENTROPY_AGENT_CAPABILITIES: 'sql, $(rm)',
      ENTROPY_AGENT_VERSION: 'x'.repeat(101),
    };
    expect(() => parseAgentVariables(odd)).toThrow(
      /ENTROPY_AGENT_ID.*ENTROPY_AGENT_ROLE.*ENTROPY_AGENT_CAPABILITIES.*ENTROPY_AGENT_VERSION/s,
    );
  });

  it('has names that fit into a comment, a trailer and an address', () => {
    expect(agentIdProblem('coder/01JD@host')).toBeUndefined();
    for (const odd of ['', ' a', '-a', 'a\nb', 'ä', 'x'.repeat(201)]) expect(agentIdProblem(odd)).toBeDefined();
    expect(capabilitiesProblem(['c++', 'c#', 'node.js'])).toBeUndefined();
    expect(capabilitiesProblem(Array.from({ length: 51 }, (_, at) => `w${at}`))).toBeDefined();
  });
});
