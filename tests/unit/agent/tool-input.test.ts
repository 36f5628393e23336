import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeFields, parseToolInput } from '../../../src/agent/tool-input.ts';
import { toolbox } from '../../../src/agent/toolbox.ts';

const schema = {
  type: 'object',
  properties: {
    path: { type: 'string', description: '', minLength: 1, maxLength: 5 },
    from: { type: 'integer', description: '', minimum: 1, maximum: 9 },
    share: { type: 'number', description: '', minimum: 0, maximum: 1 },
    deep: { type: 'boolean', description: '' },
    lines: { type: 'array', description: '', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: 2 },
  },
  required: ['path'],
  additionalProperties: false,
} as const;

const problems = (input: unknown): string => {
  const parsed = parseToolInput(schema, input);
  return parsed.kind === 'invalid' ? parsed.problems.join('; ') : 'valid';
};

test('good input is taken as it is', () => {
  const input = { path: 'a', from: 1, share: 0.5, deep: false, lines: ['x'] };
  expect(parseToolInput(schema, input)).toEqual({ kind: 'valid', input });
});

test('every problem is named with its field, what was given and what is needed', () => {
  expect(problems({ path: 3, from: 1.5, extra: 1 })).toBe(
    '"path" is a number, a string is needed; "from" is 1.5, a whole number is needed; "extra" is not a field',
  );
  expect(problems({})).toBe('"path" is missing');
  expect(problems({ path: ' ' })).toBe('"path" is empty');
  expect(problems({ path: 'abcdef' })).toBe('"path" has 6 characters, at most 5 are allowed');
  expect(problems({ path: 'a', from: 0 })).toBe('"from" is 0, the least is 1');
  expect(problems({ path: 'a', share: '1' })).toBe('"share" is a string, a number is needed');
  expect(problems({ path: 'a', deep: null })).toBe('"deep" is null, a boolean is needed');
  expect(problems({ path: 'a', lines: ['x', 2] })).toBe('"lines" entry 2 is a number, a string is needed');
  expect(problems({ path: 'a', lines: [] })).toBe('"lines" has 0 entries, at least 1 are needed');
});

test('what is no object is refused', () => {
  expect(problems(null)).toContain('null');
  expect(problems([])).toContain('an array');
  expect(problems('{"path":"a"}')).toContain('a string');
});

test('a field called __proto__ or constructor is not a field', () => {
  expect(problems(JSON.parse('{"path":"a","__proto__":{"deep":true}}'))).toBe('"__proto__" is not a field');
  expect(problems({ path: 'a', constructor: 1, toString: 2 })).toContain('"toString" is not a field');
});

test('no input makes a tool throw, and what a tool takes is what its schema says', () => {
  const ajv = new Ajv({ strict: false });
  const validators = toolbox.map((tool) => ({ tool, valid: ajv.compile(tool.spec.inputSchema) }));
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
  );
  const names = [...new Set(toolbox.flatMap((tool) => Object.keys(Object(tool.spec.inputSchema['properties']))))];
  const input = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, { maxKeys: 4 }),
    fc.anything(),
  );
  fc.assert(
    fc.property(input, fc.constantFrom(...validators), (raw, { tool, valid }) => {
      const prepared = tool.prepare(raw);
      // Ours is the stricter one: white space alone does not count as text.
      if (prepared.kind === 'ready') expect(valid(JSON.parse(JSON.stringify(raw)))).toBe(true);
      else expect(prepared.message).toContain(`The input of ${tool.spec.name} was not accepted`);
    }),
    { numRuns: 3_000 },
  );
});

test('entries of a list can be objects, whose fields are checked and named', () => {
  const listed = {
    type: 'object',
    properties: {
      found: {
        type: 'array',
        description: '',
        items: {
          type: 'object',
          properties: {
            level: { type: 'string', description: '', enum: ['high', 'low'] },
            line: { type: 'integer', description: '', minimum: 1 },
          },
          required: ['level'],
          additionalProperties: false,
        },
      },
    },
    required: ['found'],
    additionalProperties: false,
  } as const;
  const told = (found: unknown): string => {
    const parsed = parseToolInput(listed, { found });
    return parsed.kind === 'invalid' ? parsed.problems.join('; ') : 'valid';
  };
  const input = { found: [{ level: 'high', line: 2 }, { level: 'low' }] };
  expect(parseToolInput(listed, input)).toEqual({ kind: 'valid', input });
  expect(told(['x'])).toBe('"found" entry 1 is a string, an object is needed');
  expect(told([{ level: 'high' }, { line: 0, more: 1 }])).toBe(
    '"found" entry 2 is not as it should be: "level" is missing, "line" is 0, the least is 1, "more" is not a field',
  );
  expect(told([{ level: 'mid' }])).toContain('"level" is "mid", one of high, low is needed');
  expect(told('x')).toBe('"found" is a string, an array of objects is needed');
  expect(describeFields(listed)).toBe('found (array of objects with level (high | low), line (integer, optional))');
});
