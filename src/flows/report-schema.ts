import type { z as Zod } from 'zod';
import { severities } from '../domain/reports/finding.ts';
import { findingStandings } from '../domain/reports/review-report.ts';
import { issueRelations, issueSizes, issueTypes } from '../domain/reports/triage-report.ts';

/**
 * What a role may hand over instead of a change. The bounds are somewhat above those of the tools that end the work: whoever is
 * within those is never cut off here, and whoever went round them does not flood anybody. zod is given, for it is loaded late.
 */
export function reportSchema(z: typeof Zod) {
  const text = (maxLength: number) => z.string().max(maxLength);
  const line = z.number().int().positive().max(10_000_000);
  const issue = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
  const lines = (count: number, length = 2_000) => z.array(text(length)).max(count);
  const path = z.string().min(1).max(4_096);

  const plan = z.strictObject({
    kind: z.literal('plan'),
    summary: text(10_000),
    steps: z
      .array(z.strictObject({ title: text(500), detail: text(5_000), paths: z.array(path).max(100) }))
      .min(1)
      .max(50),
    tests: lines(50),
    risks: lines(50),
  });
  const triage = z.strictObject({
    kind: z.literal('triage'),
    summary: text(5_000),
    type: z.enum(issueTypes),
    size: z.enum(issueSizes),
    priority: z.number().int().min(0).max(4),
    labels: lines(20, 200),
    acceptance: lines(50),
    questions: lines(20),
    related: z.array(z.strictObject({ issue, relation: z.enum(issueRelations), why: text(2_000) })).max(20),
    title: text(500).exactOptional(),
    milestone: text(500).exactOptional(),
    state: z.literal('closed').exactOptional(),
  });
  const finding = z.strictObject({
    path,
    startLine: line.exactOptional(),
    line: line.exactOptional(),
    severity: z.enum(severities),
    category: text(100),
    title: text(500),
    body: text(10_000),
    suggestion: text(10_000).exactOptional(),
  });
  const review = z.strictObject({
    kind: z.literal('review'),
    summary: text(10_000),
    findings: z.array(finding).max(50),
    earlier: z
      .array(z.strictObject({ fingerprint: text(200), standing: z.enum(findingStandings), why: text(5_000) }))
      .max(200),
    notReviewed: lines(50),
  });
  const verification = z.strictObject({
    kind: z.literal('verification'),
    summary: text(20_000),
    command: z.string().min(1).max(2_000),
    notVerified: lines(50),
  });
  return z.discriminatedUnion('kind', [plan, triage, review, verification]);
}
