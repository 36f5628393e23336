import { counted } from '../../domain/counted.ts';
import { handIn, oneLine } from '../hand-in.ts';
import { defineTool } from '../tool.ts';

const line = { type: 'string', minLength: 1, maxLength: 500 } as const;

export const submitPlan = defineTool({
  name: 'submit_plan',
  description: 'Hands the plan in and ends the run. A person reads it and approves it, or says what is wrong.',
  input: {
    type: 'object',
    properties: {
      summary: { type: 'string', description: 'What will be done and why so.', minLength: 1, maxLength: 4_000 },
      steps: {
        type: 'array',
        description: 'In order; each can be done and checked by itself.',
        items: {
          type: 'object',
          properties: {
            title: { type: 'string', description: 'One line.', minLength: 1, maxLength: 200 },
            detail: { type: 'string', description: 'What exactly, and how.', minLength: 1, maxLength: 2_000 },
            paths: {
              type: 'array',
              description: 'Files that it will touch, as far as known.',
              items: { type: 'string', minLength: 1, maxLength: 300 },
              maxItems: 50,
            },
          },
          required: ['title', 'detail', 'paths'],
          additionalProperties: false,
        },
        minItems: 1,
        maxItems: 20,
      },
      tests: {
        type: 'array',
        description: 'How it will be proven.',
        items: line,
        maxItems: 20,
      },
      risks: {
        type: 'array',
        description: 'What can go wrong, and what is left out on purpose.',
        items: line,
        maxItems: 20,
      },
    },
    required: ['summary', 'steps', 'tests', 'risks'],
    additionalProperties: false,
  },
  subject: (input) => counted(input.steps.length, 'step'),
  run: ({ summary, steps, tests, risks }, context) => {
    const told = steps.map(({ title, detail, paths }) => ({ title: oneLine(title), detail, paths }));
    return handIn({ kind: 'report', report: { kind: 'plan', summary, steps: told, tests, risks } }, context);
  },
});
