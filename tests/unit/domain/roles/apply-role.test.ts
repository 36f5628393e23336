import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPath } from '../../../../src/domain/patch-check.ts';
import { defaultPatchPolicy, type PatchPolicy } from '../../../../src/domain/patch-policy.ts';
import { applyRole } from '../../../../src/domain/roles/apply-role.ts';
import {
  endingTools,
  mayUseTool,
  type ToolName,
  type ToolPolicy,
  toolNames,
} from '../../../../src/domain/tool-names.ts';

const glob = fc.constantFrom('src/**', 'docs/*.md', '*.ts', 'src/gen/**', 'a.txt', 'lib/');
const path = fc.constantFrom('src/a.ts', 'src/gen/b.ts', 'docs/x.md', 'a.txt', 'lib/c.ts', 'package.json');
const names = fc.subarray([...toolNames]) as fc.Arbitrary<ToolName[]>;
const tools: fc.Arbitrary<ToolPolicy> = fc.record({ allowedTools: names, deniedTools: names });
const amount = fc.integer({ min: 1, max: 1_000 });
const budget = fc.record({ maxTurns: amount, maxTokens: amount, maxCostMicroUsd: amount, maxMinutes: amount });
const limits = fc.record({
  budget,
  tools: fc.option(tools, { nil: undefined }),
  patchPolicy: fc.record({
    maxFiles: fc.constant(50),
    maxBytes: fc.constant(1_000),
    allowedPaths: fc.array(glob, { maxLength: 3 }),
    protectedPaths: fc.array(glob, { maxLength: 3 }),
    unprotectedPaths: fc.array(fc.constantFrom('package.json', 'src/**'), { maxLength: 2 }),
  }),
});
const role = fc.record(
  {
    budget: fc.record({ maxTurns: amount, maxCostMicroUsd: amount, maxMinutes: amount }, { requiredKeys: [] }),
    tools,
    allowedPaths: fc.array(glob, { maxLength: 3 }),
    protectedPaths: fc.array(glob, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const allows = (policy: PatchPolicy, at: string): boolean => checkPath(at, policy).length === 0;
const uses = (policy: ToolPolicy | undefined, name: ToolName): boolean =>
  policy === undefined || mayUseTool(name, policy);

describe('what a role leaves of a repository’s limits', () => {
  it('is never more than either gives, and never less than both give', () => {
    fc.assert(
      fc.property(limits, role, path, (given, narrowing, at) => {
        const left = applyRole(given, narrowing);
        for (const key of ['maxTurns', 'maxTokens', 'maxCostMicroUsd', 'maxMinutes'] as const) {
          expect(left.budget[key]).toBe(Math.min(given.budget[key], narrowing.budget?.[key as 'maxTurns'] ?? Infinity));
        }
        for (const name of toolNames) {
          expect(uses(left.tools, name)).toBe(uses(given.tools, name) && uses(narrowing.tools, name));
        }
        const ownPolicy = {
          ...given.patchPolicy,
          allowedPaths: narrowing.allowedPaths ?? [],
          protectedPaths: narrowing.protectedPaths ?? [],
        };
        expect(allows(left.patchPolicy, at)).toBe(allows(given.patchPolicy, at) && allows(ownPolicy, at));
      }),
    );
  });

  it('has no tool left where the two have none in common, but those that end the work', () => {
    const left = applyRole(
      {
        budget: { maxTurns: 1, maxTokens: 1, maxCostMicroUsd: 1, maxMinutes: 1 },
        tools: { allowedTools: ['bash'], deniedTools: [] },
        patchPolicy: defaultPatchPolicy,
      },
      { tools: { allowedTools: ['search'], deniedTools: [] } },
    );
    expect(toolNames.filter((name) => uses(left.tools, name))).toEqual(
      toolNames.filter((name) => endingTools.includes(name)),
    );
  });

  it('is what was given when the role says nothing', () => {
    const given = {
      budget: { maxTurns: 1, maxTokens: 2, maxCostMicroUsd: 3, maxMinutes: 4 },
      patchPolicy: defaultPatchPolicy,
    };
    expect(applyRole(given, {})).toEqual(given);
  });
});
