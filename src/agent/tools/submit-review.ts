import { counted } from '../../domain/counted.ts';
import { type Finding, severities } from '../../domain/reports/finding.ts';
import { findingStandings } from '../../domain/reports/review-report.ts';
import { handIn, oneLine } from '../hand-in.ts';
import { defineTool } from '../tool.ts';

export const submitReview = defineTool({
  name: 'submit_review',
  description:
    'Hands the review in and ends the run. Each finding becomes a comment on its line; none at all says that you found nothing.',
  input: {
    type: 'object',
    properties: {
      summary: {
        type: 'string',
        description: 'What the change does, and whether it does what was asked, in a few sentences.',
        minLength: 1,
        maxLength: 4_000,
      },
      findings: {
        type: 'array',
        description: 'Only what was not told in an earlier round.',
        items: {
          type: 'object',
          properties: {
            path: { type: 'string', description: 'A file of the diff.', minLength: 1, maxLength: 1_024 },
            start_line: { type: 'integer', description: 'First line, new side; only for more than one.', minimum: 1 },
            line: { type: 'integer', description: 'Last line, new side; without it: the whole file.', minimum: 1 },
            severity: {
              type: 'string',
              description: 'blocker and major ask for a change; minor and nit are advice.',
              enum: severities,
            },
            category: {
              type: 'string',
              description: 'One word: correctness, security, tests …',
              minLength: 1,
              maxLength: 40,
            },
            title: { type: 'string', description: 'One line.', minLength: 1, maxLength: 200 },
            body: {
              type: 'string',
              description: 'Why it matters and how it shows. Markdown.',
              minLength: 1,
              maxLength: 4_000,
            },
            suggestion: {
              type: 'string',
              description: 'What those lines should read instead, all of them, without fences.',
              maxLength: 4_000,
            },
          },
          required: ['path', 'severity', 'category', 'title', 'body'],
          additionalProperties: false,
        },
        maxItems: 30,
      },
      earlier: {
        type: 'array',
        description: 'How each finding stands that was open before; empty when there was none.',
        items: {
          type: 'object',
          properties: {
            fingerprint: { type: 'string', description: 'As the task tells it.', minLength: 1, maxLength: 100 },
            standing: {
              type: 'string',
              description: 'fixed: the head shows it. refuted: the answer is right. open: neither.',
              enum: findingStandings,
            },
            why: { type: 'string', description: 'By what one sees it.', minLength: 1, maxLength: 1_000 },
          },
          required: ['fingerprint', 'standing', 'why'],
          additionalProperties: false,
        },
        maxItems: 100,
      },
      not_reviewed: {
        type: 'array',
        description: 'What was not looked at; empty if nothing.',
        items: { type: 'string', minLength: 1, maxLength: 500 },
        maxItems: 20,
      },
    },
    required: ['summary', 'findings', 'earlier', 'not_reviewed'],
    additionalProperties: false,
  },
  subject: (input) => counted(input.findings.length, 'finding'),
  run: ({ summary, findings, earlier, not_reviewed: notReviewed }, context) => {
    const told = findings.map(({ start_line: startLine, title, category, ...finding }): Finding => {
      const several = startLine !== undefined && startLine !== finding.line;
      return {
        ...finding,
        title: oneLine(title),
        category: category.trim().toLowerCase(),
        ...(several && { startLine }),
      };
    });
    return handIn(
      { kind: 'report', report: { kind: 'review', summary, findings: told, earlier, notReviewed } },
      context,
    );
  },
});
