import { issueRelations, issueSizes, issueTypes } from '../../domain/reports/triage-report.ts';
import { handIn, oneLine } from '../hand-in.ts';
import { defineTool } from '../tool.ts';

export const submitTriage = defineTool({
  name: 'submit_triage',
  description: 'Hands in what you made of the issue and ends the run. Labels are set, and one comment tells the rest.',
  input: {
    type: 'object',
    properties: {
      summary: {
        type: 'string',
        description: 'What is asked for, in one or two sentences.',
        minLength: 1,
        maxLength: 1_000,
      },
      type: { type: 'string', description: 'What it is.', enum: issueTypes },
      size: {
        type: 'string',
        description: 'How much work: xs is a line, xl is more than one pull request.',
        enum: issueSizes,
      },
      priority: { type: 'integer', description: '0 is the most urgent, 4 the least.', minimum: 0, maximum: 4 },
      labels: {
        type: 'array',
        description: "Those of the repository's labels that fit, spelt as they are.",
        items: { type: 'string', minLength: 1, maxLength: 100 },
        maxItems: 10,
      },
      acceptance: {
        type: 'array',
        description: 'How one sees that it is done, each to be checked by itself.',
        items: { type: 'string', minLength: 1, maxLength: 500 },
        maxItems: 20,
      },
      questions: {
        type: 'array',
        description: 'What is missing, as questions that the author can answer; empty when the work can begin.',
        items: { type: 'string', minLength: 1, maxLength: 1_000 },
        maxItems: 5,
      },
      related: {
        type: 'array',
        description: 'Issues of the list in the task that this one has to do with; empty when there is none.',
        items: {
          type: 'object',
          properties: {
            issue: { type: 'integer', description: 'Its number.', minimum: 1 },
            relation: { type: 'string', description: 'What this issue is to it.', enum: issueRelations },
            why: { type: 'string', description: 'By what one sees it.', minLength: 1, maxLength: 500 },
          },
          required: ['issue', 'relation', 'why'],
          additionalProperties: false,
        },
        maxItems: 10,
      },
      title: {
        type: 'string',
        description: 'A title that says what it is about, where the one it has does not. Leave it out otherwise.',
        minLength: 1,
        maxLength: 200,
      },
      milestone: {
        type: 'string',
        description:
          'Of the milestones in the task the one it belongs to, spelt as it is. Leave it out when none fits.',
        minLength: 1,
        maxLength: 250,
      },
      state: {
        type: 'string',
        description: 'closed, when nothing is to be done for it: a duplicate, answered, not of this repository.',
        enum: ['closed'],
      },
    },
    required: ['summary', 'type', 'size', 'priority', 'labels', 'acceptance', 'questions', 'related'],
    additionalProperties: false,
  },
  subject: (input) => `${input.type}, ${input.size}, priority ${input.priority}`,
  run: (input, context) =>
    handIn({ kind: 'report', report: { kind: 'triage', ...input, summary: oneLine(input.summary) } }, context),
});
