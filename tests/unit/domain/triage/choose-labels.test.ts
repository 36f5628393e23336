import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TriageReport } from '../../../../src/domain/reports/triage-report.ts';
import { chooseLabels, type LabelFacts, whyNever } from '../../../../src/domain/triage/choose-labels.ts';
import { labelFor, readScaleLabel } from '../../../../src/domain/triage/label-scale.ts';
import { offeredLabels } from '../../../../src/domain/triage/offered-labels.ts';

const report: TriageReport = {
  kind: 'triage',
  summary: 'It drops a word.',
  type: 'bug',
  size: 's',
  priority: 1,
  labels: [],
  acceptance: ['the last word is there'],
  questions: [],
  related: [],
};

const facts: LabelFacts = {
  offered: ['area/parser'],
  all: ['bug', 'enhancement', 'size: S', 'size: L', 'priority/high', 'area/parser', 'agent', 'agent:coder'],
  now: [],
  atStart: [],
  before: [],
  trigger: 'agent',
  strategy: 'ask',
};

describe('the repository’s own spelling', () => {
  it.each([
    ['type', 'bug', ['kind/bug', 'good first issue'], 'kind/bug'],
    ['type', 'bug', ['bug', 'type: bug'], 'type: bug'],
    ['type', 'feature', ['enhancement'], 'enhancement'],
    ['type', 'docs', ['📝 documentation'], '📝 documentation'],
    ['size', 'xs', ['size/XS', 'size/S'], 'size/XS'],
    ['size', 'xs', ['size/S'], 'size/S'],
    ['size', 'm', ['medium'], undefined],
    ['size', 'm', ['effort: medium'], 'effort: medium'],
    ['priority', '0', ['P0', 'P1'], 'P0'],
    ['priority', '0', ['priority: high', 'priority: low'], 'priority: high'],
    ['priority', '1', ['High Priority'], 'High Priority'],
    ['priority', '2', ['priority: high', 'priority: low'], undefined],
  ] as const)('of %s %s among %j is %s', (scale, value, labels, found) => {
    expect(labelFor(scale, value, labels)).toBe(found);
  });

  it('says nothing of other labels, whatever they are', () => {
    for (const label of ['area/parser', 'good first issue', 'help wanted', 'medium', '']) {
      expect(readScaleLabel(label)).toBeUndefined();
    }
  });
});

describe('labels that a triage may set', () => {
  const all = ['bug', 'size: S', 'area/parser', 'Area: CLI', 'good first issue', 'fix-me', 'help wanted', 'stale'];

  it('are those of the scales and a few that say what it is about, where the settings say nothing', () => {
    expect(offeredLabels(all, [])).toEqual(['bug', 'size: S', 'area/parser', 'Area: CLI', 'good first issue']);
  });

  it('are those of the scales and what the settings name', () => {
    expect(offeredLabels(all, ['Help *', 'area/p*'])).toEqual(['bug', 'size: S', 'area/parser', 'help wanted']);
  });

  it('are no others: the rest is told', () => {
    const asked = { ...report, labels: ['area/parser', 'fix-me'] };
    const { add, left } = chooseLabels(asked, { ...facts, all });
    expect(add).toEqual(['bug', 'size: S', 'area/parser']);
    expect(left).toEqual([{ label: 'fix-me', why: 'it is for people to set (setting: triage.labels)' }]);
  });
});

describe('labels that no agent sets', () => {
  it.each(['agent', 'Agent', 'agent:coder', ' AGENT: reviewer ', 'agent:no such role'])(
    '%s starts an agent',
    (label) => {
      expect(whyNever(label, 'agent')).toBe('it starts an agent');
    },
  );

  it.each([
    'safe to test',
    'ok-to-merge',
    'automerge',
    'approved',
    'LGTM',
    'run-ci',
    'deploy/prod',
    'ｄｅｐｌｏｙ',
    'skip-review',
  ])('%s may let something happen', (label) => {
    expect(whyNever(label, 'robot')).toBe('it may let something happen');
  });

  it('are left out and told, whoever asks for them', () => {
    const all = [...facts.all, 'automerge', 'Robot:coder'];
    const asked = { ...report, labels: ['AGENT:coder', 'automerge', 'robot:coder', 'made up', 'area/parser'] };
    const choice = chooseLabels(asked, { ...facts, all, trigger: 'robot' });
    expect(choice.add).toEqual(['bug', 'size: S', 'priority/high', 'area/parser']);
    expect(choice.left.map(({ label }) => label)).toEqual(['AGENT:coder', 'automerge', 'robot:coder', 'made up']);
  });

  it('are never chosen, whatever the report and the repository say', () => {
    const label = fc.oneof(
      fc.constantFrom('agent', 'agent:coder', 'Agent:x', 'approved', 'size: S', 'bug'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(label), fc.array(label), fc.array(label), (all, labels, now) => {
        const told = { ...facts, all, now, atStart: now, before: [], offered: all };
        const choice = chooseLabels({ ...report, labels }, told);
        expect(choice.add.filter((each) => whyNever(each, 'agent') !== undefined || !all.includes(each))).toEqual([]);
        expect(choice.remove).toEqual([]);
      }),
    );
  });
});

describe('labels of an issue that people look after', () => {
  it('stay as people set them: of one scale there is one label', () => {
    const now = ['size: L', 'enhancement'];
    const choice = chooseLabels(report, { ...facts, now, atStart: now });
    expect(choice).toMatchObject({ add: ['priority/high'], remove: [], ours: ['priority/high'] });
    expect(choice.left).toEqual([
      { label: 'bug', why: '`enhancement` is there' },
      { label: 'size: S', why: '`size: L` is there' },
    ]);
  });

  it('take the place of what an earlier triage had set', () => {
    const now = ['bug', 'size: L'];
    const choice = chooseLabels(report, { ...facts, now, atStart: now, before: ['bug', 'size: L'] });
    expect(choice).toEqual({
      add: ['size: S', 'priority/high'],
      remove: ['size: L'],
      ours: ['bug', 'size: S', 'priority/high'],
      left: [],
    });
  });

  it('are not set again when somebody took them off', () => {
    const choice = chooseLabels(report, { ...facts, before: ['bug'] });
    expect(choice.add).toEqual(['size: S', 'priority/high']);
    expect(choice.left).toEqual([{ label: 'bug', why: 'somebody took it off' }]);
  });

  it('are known as ours when an earlier try of the same run had set them', () => {
    const now = ['bug', 'size: S', 'size: L'];
    const choice = chooseLabels(report, { ...facts, now, atStart: ['size: L'], before: ['size: L'] });
    expect(choice).toEqual({
      add: ['priority/high'],
      remove: ['size: L'],
      ours: ['bug', 'size: S', 'priority/high'],
      left: [],
    });
  });
});

describe('the strategy for labels', () => {
  const all = ['bug', 'size: S', 'size: L'];
  const had = { ...facts, all, now: ['size: L'], atStart: ['size: L'], before: ['bug'] };

  it.each(['ask', 'three-way'] as const)(
    '%s leaves what people have set, and does not set what they took off',
    (strategy) => {
      expect(chooseLabels(report, { ...had, strategy })).toMatchObject({ add: [], remove: [] });
    },
  );

  it('newest goes over all that was there when the run began, and over nothing that came since', () => {
    const newest = { ...had, strategy: 'newest' } as const;
    expect(chooseLabels(report, newest)).toMatchObject({ add: ['bug', 'size: S'], remove: ['size: L'] });
    expect(chooseLabels(report, { ...newest, atStart: ['bug'] })).toMatchObject({ add: [], remove: [] });
  });
});
