import { expect, it } from 'vitest';
import { toolbox, toolsFor, toolsOf } from '../../../src/agent/toolbox.ts';
import type { KnownFinding } from '../../../src/domain/reports/open-finding.ts';
import { workKinds } from '../../../src/domain/roles/work-kind.ts';
import { endingTools, endingToolsOf, toolNames } from '../../../src/domain/tool-names.ts';

const namesOf = (tools: typeof toolbox) => tools.map(({ spec }) => spec.name);

it('the toolbox holds one tool for each name that a policy can say', () => {
  expect(namesOf(toolbox)).toEqual(toolNames);
});

it('without a policy all tools of the work are there; what is denied is not, whatever is allowed', () => {
  const work = 'change';
  expect(toolsFor({ work })).toEqual(toolsOf('change'));
  expect(namesOf(toolsFor({ work, tools: { allowedTools: [], deniedTools: ['bash'] } }))).not.toContain('bash');
  const tools = { allowedTools: ['bash', 'read_file'], deniedTools: ['bash'] } as const;
  expect(namesOf(toolsFor({ work, tools }))).toEqual(['read_file', 'submit', 'ask']);
});

it('each kind of work has its own ending and no other', () => {
  for (const work of workKinds) {
    const endings = namesOf(toolsOf(work)).filter((name) => endingTools.some((ending) => ending === name));
    expect(endings).toEqual(endingToolsOf(work));
  }
  expect(endingToolsOf('review')).toEqual(['submit_review']);
  expect(endingToolsOf('triage')).toEqual(['submit_triage']);
  expect(endingToolsOf('verification')).toEqual(['submit_verification', 'ask']);
});

it('work that changes no file has no tool that writes one', () => {
  const writing = ['edit_file', 'write_file'];
  const writes = (work: (typeof workKinds)[number]) => namesOf(toolsOf(work)).some((name) => writing.includes(name));
  expect(workKinds.filter(writes)).toEqual(['change', 'verification']);
});

it('submit asks for answers only where there are findings to answer', () => {
  const finding: KnownFinding = {
    fingerprint: 'f1',
    path: 'a.ts',
    severity: 'major',
    category: 'tests',
    title: 't',
    body: 'b',
    round: 1,
    standing: 'open',
  };
  const brief = { reasons: [{ kind: 'findings', findings: [finding], round: 1 } as const] };
  const fieldsOf = (tools: typeof toolbox) =>
    Object.keys(tools.find(({ spec }) => spec.name === 'submit')?.spec.inputSchema['properties'] ?? {});
  expect(fieldsOf(toolsFor({ work: 'change' }))).not.toContain('answers');
  expect(fieldsOf(toolsFor({ work: 'change', brief }))).toContain('answers');
});
