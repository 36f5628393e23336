import { defineTool, refusal } from '../tool.ts';

export const submit = defineTool({
  name: 'submit',
  description:
    'Hands the change in and ends the run. The test command is run again first; if it fails because of the change, you get its output and go on. With nothing to change, submit without a change and say why.',
  input: {
    type: 'object',
    properties: {
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
    },
    required: ['title', 'body', 'verified'],
    additionalProperties: false,
  },
  subject: (input) => `"${input.title}"`,
  run: async (input, context) => {
    if (context.earlierCallFailed) {
      return refusal(
        'Not submitted: an earlier call of the same reply failed. Look at its result, then submit.',
        '✗ not yet',
      );
    }
    const submission = {
      title: input.title.replaceAll(/\s+/g, ' ').trim(),
      body: input.body,
      verified: input.verified,
    };
    const verdict = await context.judge(submission);
    switch (verdict.kind) {
      case 'accepted':
        return { ok: true, output: verdict.output, summary: '✔', effect: { kind: 'submitted', submission } };
      case 'refused':
        return refusal(verdict.output, verdict.summary);
      case 'unproven':
        return {
          ...refusal(verdict.output, verdict.summary),
          effect: { kind: 'unproven', reason: verdict.reason },
        };
      default:
        return verdict satisfies never;
    }
  },
});
