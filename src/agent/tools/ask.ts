import { counted } from '../../domain/counted.ts';
import { defineTool } from '../tool.ts';

export const ask = defineTool({
  name: 'ask',
  description:
    'Ends the run with questions for the people on the issue. Only when the answer is not in the repository and different answers lead to different changes.',
  input: {
    type: 'object',
    properties: {
      questions: {
        type: 'array',
        description: 'Each can be answered by itself.',
        items: { type: 'string', minLength: 1, maxLength: 1_000 },
        minItems: 1,
        maxItems: 5,
      },
    },
    required: ['questions'],
    additionalProperties: false,
  },
  subject: (input) => input.questions[0] ?? '',
  run: async (input) => ({
    ok: true,
    output: 'Asked.',
    summary: counted(input.questions.length, 'question'),
    effect: { kind: 'asked', questions: input.questions },
  }),
});
