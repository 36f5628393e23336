import { defineTool } from '../tool.ts';

export const checkpoint = defineTool({
  name: 'checkpoint',
  description: 'Notes progress for the people who watch, and for you: when old turns are dropped, these notes stay.',
  input: {
    type: 'object',
    properties: {
      progress: { type: 'number', description: 'Share of the work done, 0 to 1.', minimum: 0, maximum: 1 },
      done: { type: 'string', description: 'What is done or found out.', minLength: 1, maxLength: 2_000 },
      next: { type: 'string', description: 'What comes next.', minLength: 1, maxLength: 500 },
    },
    required: ['progress', 'done', 'next'],
    additionalProperties: false,
  },
  subject: (input) => input.next,
  run: async (input) => ({
    ok: true,
    output: 'Noted.',
    summary: `${Math.round(input.progress * 100)} %`,
    effect: { kind: 'noted', progress: input.progress, done: input.done, next: input.next },
  }),
});
