import { handIn } from '../hand-in.ts';
import { defineTool } from '../tool.ts';

export const submitVerification = defineTool({
  name: 'submit_verification',
  description:
    'Hands the verification in and ends the run. The test files that you wrote are laid over the base and over the head, in fresh places, and your command runs there: what it shows is the verdict. If your test shows nothing yet, you are told and go on.',
  input: {
    type: 'object',
    properties: {
      summary: {
        type: 'string',
        description: 'What was checked, against which sentence of the issue, and what it showed. Markdown.',
        minLength: 1,
        maxLength: 10_000,
      },
      command: {
        type: 'string',
        description: 'Runs your new tests alone, from the workspace root; needs no network.',
        minLength: 1,
        maxLength: 1_000,
      },
      not_verified: {
        type: 'array',
        description: 'What was not checked, one entry each; empty if nothing.',
        items: { type: 'string', minLength: 1, maxLength: 500 },
        maxItems: 20,
      },
    },
    required: ['summary', 'command', 'not_verified'],
    additionalProperties: false,
  },
  subject: (input) => input.command,
  run: ({ summary, command, not_verified: notVerified }, context) =>
    handIn({ kind: 'report', report: { kind: 'verification', summary, command, notVerified } }, context),
});
