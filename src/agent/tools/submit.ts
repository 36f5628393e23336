import { findingAnswers } from '../../domain/reports/open-finding.ts';
import { handIn, oneLine } from '../hand-in.ts';
import { defineTool } from '../tool.ts';

const description =
  'Hands the change in and ends the run. The test command is run again first; if it fails because of the change, you get its output and go on. With nothing to change, submit without a change and say why.';

const fields = {
  title: { type: 'string', description: 'The pull request in one line, imperative.', minLength: 1, maxLength: 120 },
  body: {
    type: 'string',
    description: 'What changed and why, by file where it helps; what was not checked. Markdown.',
    minLength: 1,
    maxLength: 20_000,
  },
  verified: {
    type: 'array',
    description: 'What you ran and what it showed, one entry each; empty if nothing.',
    items: { type: 'string', minLength: 1, maxLength: 500 },
    maxItems: 20,
  },
} as const;

export const submit = defineTool({
  name: 'submit',
  description,
  input: {
    type: 'object',
    properties: fields,
    required: ['title', 'body', 'verified'],
    additionalProperties: false,
  },
  subject: (input) => `"${input.title}"`,
  run: (input, context) => {
    const submission = { title: oneLine(input.title), body: input.body, verified: input.verified };
    return handIn({ kind: 'change', submission }, context);
  },
});

/** The same for a run that was sent to answer findings: each gets its answer. */
export const submitAnswers = defineTool({
  name: 'submit',
  description: `${description} Each open finding of the brief needs an answer.`,
  input: {
    type: 'object',
    properties: {
      ...fields,
      answers: {
        type: 'array',
        description: 'One for each open finding.',
        items: {
          type: 'object',
          properties: {
            fingerprint: { type: 'string', description: 'As the brief tells it.', minLength: 1, maxLength: 100 },
            answer: {
              type: 'string',
              description:
                'fixed: the change does it. refuted: it is no problem. left-open: neither, and why says what is missing.',
              enum: findingAnswers,
            },
            why: { type: 'string', description: 'What was done, or why not.', minLength: 1, maxLength: 2_000 },
          },
          required: ['fingerprint', 'answer', 'why'],
          additionalProperties: false,
        },
        maxItems: 100,
      },
    },
    required: ['title', 'body', 'verified', 'answers'],
    additionalProperties: false,
  },
  subject: (input) => `"${input.title}"`,
  run: ({ title, body, verified, answers }, context) => {
    const submission = { title: oneLine(title), body, verified, answers };
    return handIn({ kind: 'change', submission }, context);
  },
});
