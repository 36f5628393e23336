import type { ChangePair, Files } from './pair.ts';

/** Words for names, so that no two projects read alike. */
const things = [
  'order',
  'invoice',
  'ticket',
  'parcel',
  'booking',
  'reading',
  'entry',
  'record',
  'message',
  'sample',
] as const;
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;

interface Versions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

interface Kind {
  readonly name: string;
  /** The function under change, in its versions. */
  readonly code: (thing: string, n: number) => Versions;
  /** What holds with our change, and with theirs. */
  readonly tests: (thing: string, n: number) => { readonly ours: string; readonly theirs: string };
}

const kinds: readonly Kind[] = [
  {
    name: 'two steps in one chain',
    code: (thing) => {
      const body = (chain: string): string => `export function ${thing}Key(text) {\n  return ${chain};\n}\n`;
      return {
        base: body("text.split('-').join('_')"),
        ours: body("text.trim().split('-').join('_')"),
        theirs: body("text.split('-').join('_').toUpperCase()"),
      };
    },
    tests: (thing) => ({
      ours: `assert.equal(m.${thing}Key('  a-b  ').toLowerCase(), 'a_b');`,
      theirs: `assert.equal(m.${thing}Key('a-b'), 'A_B');`,
    }),
  },
  {
    name: 'two parameters',
    code: (thing, n) => {
      const body = (args: string, sum: string): string =>
        `export function ${thing}Total(${args}) {\n  return ${sum};\n}\n`;
      return {
        base: body('count', `count * ${n}`),
        ours: body('count, discount = 0', `count * ${n} - discount`),
        theirs: body('count, shipping = 0', `shipping + count * ${n}`),
      };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.${thing}Total(2), ${2 * n});`,
      theirs: `assert.equal(m.${thing}Total(3), ${3 * n});`,
    }),
  },
  {
    name: 'a rename and another expression',
    code: (thing, n) => {
      const body = (name: string, end: string): string =>
        `export function ${thing}Sum(values) {\n  let ${name} = 0;\n  for (const value of values) ${name} += value;\n  return ${end};\n}\n`;
      return {
        base: body('x', 'x'),
        ours: body('total', 'total'),
        theirs: body('x', `Math.min(x, ${n * 10})`),
      };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.${thing}Sum([1, 2]), 3); assert.match(String(m.${thing}Sum), /total/);`,
      theirs: `assert.equal(m.${thing}Sum([${n * 100}]), ${n * 10});`,
    }),
  },
  {
    name: 'two entries in one list',
    code: (thing) => {
      const list = (entries: readonly string[]): string =>
        `export const ${thing}Kinds = [\n${entries.map((entry) => `  '${entry}',\n`).join('')}];\n`;
      return {
        base: list(['plain']),
        ours: list(['plain', 'urgent']),
        theirs: list(['plain', 'fragile']),
      };
    },
    tests: (thing) => ({
      ours: `assert.ok(m.${thing}Kinds.includes('urgent'));`,
      theirs: `assert.ok(m.${thing}Kinds.includes('fragile'));`,
    }),
  },
  {
    name: 'two guards in one place',
    code: (thing, n) => {
      const body = (guards: readonly string[]): string =>
        `export function ${thing}Size(value) {\n${guards.map((guard) => `  ${guard}\n`).join('')}  return value.length;\n}\n`;
      const none = 'if (value === undefined) return 0;';
      const long = `if (value?.length > ${n * 100}) throw new RangeError('too long');`;
      return { base: body([]), ours: body([none]), theirs: body([long]) };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.${thing}Size(undefined), 0);`,
      theirs: `assert.throws(() => m.${thing}Size('x'.repeat(${n * 100 + 1})), RangeError);`,
    }),
  },
  {
    name: 'a wrap that indents, and a change within',
    code: (thing, n) => {
      const lines = (parse: string): readonly string[] => [`const parsed = ${parse};`, 'return parsed;'];
      const plain = (parse: string): string =>
        `export function read${thing}(text) {\n${lines(parse)
          .map((line) => `  ${line}\n`)
          .join('')}}\n`;
      const wrapped = (parse: string): string =>
        `export function read${thing}(text) {\n  try {\n${lines(parse)
          .map((line) => `    ${line}\n`)
          .join('')}  } catch {\n    return undefined;\n  }\n}\n`;
      const before = 'JSON.parse(text)';
      const after = `JSON.parse(text.slice(0, ${n * 50}))`;
      return { base: plain(before), ours: wrapped(before), theirs: plain(after) };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.read${thing}('{'), undefined);`,
      theirs: `assert.equal(m.read${thing}('1' + ' '.repeat(${n * 50}) + 'x'), 1);`,
    }),
  },
  {
    name: 'a function that was moved, and changed where it was',
    code: (thing, n) => {
      const moved = (step: number): string =>
        `export function next${thing}(value) {\n  const step = ${step};\n  const after = value + step;\n  return after;\n}\n`;
      const other = (name: string): string =>
        `export function ${name}(value) {\n  const parts = String(value).split(',');\n  return parts.length;\n}\n`;
      const [one, two] = [other(`${thing}Parts`), other(`${thing}Pieces`)];
      return {
        base: `${moved(n)}\n${one}\n${two}`,
        ours: `${one}\n${two}\n${moved(n)}`,
        theirs: `${moved(n + 1)}\n${one}\n${two}`,
      };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.${thing}Pieces('a,b'), 2);`,
      theirs: `assert.equal(m.next${thing}(1), ${n + 2});`,
    }),
  },
  {
    name: 'one value, two wishes',
    code: (thing, n) => {
      const constant = (value: number): string => `export const most${thing}s = ${value};\n`;
      return { base: constant(n * 10), ours: constant(n * 20), theirs: constant(n * 30) };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.most${thing}s, ${n * 20});`,
      theirs: `assert.equal(m.most${thing}s, ${n * 30});`,
    }),
  },
  {
    name: 'a removal, and a change of what was removed',
    code: (thing, n) => {
      const body = (end: string): string =>
        `export function old${thing}(value) {\n  const a = value + ${n};\n  return ${end};\n}\n`;
      return { base: body('a'), ours: '', theirs: body(`a * ${n + 1}`) };
    },
    tests: (thing, n) => ({
      ours: `assert.equal(m.old${thing}, undefined);`,
      theirs: `assert.equal(m.old${thing}(1), ${(n + 1) * (n + 1)});`,
    }),
  },
];

/** The `n`th project: a module with a function that both sides change, between others that nobody touches. */
export function generatedPair(n: number): ChangePair {
  const kind = pick(kinds, n);
  const thing = pick(things, n + Math.floor(n / kinds.length));
  const size = (n % 7) + 2;
  const { base, ours, theirs } = kind.code(thing, size);
  const tests = kind.tests(thing, size);
  const moduleOf = (part: string): string => `${helpers(`before${n}`, n)}\n${part}\n${helpers(`after${n}`, n + 3)}`;
  const project = (part: string, holds: readonly string[]): Files => ({
    'package.json': '{ "type": "module" }\n',
    'src/module.js': moduleOf(part),
    'src/module.test.js': testFile(holds),
  });
  const before = project(base, []);
  return {
    name: `${kind.name}, ${n}`,
    source: 'generated',
    base: before,
    ours: { ...before, 'src/module.js': moduleOf(ours), 'src/ours.test.js': testFile([tests.ours]) },
    theirs: { ...before, 'src/module.js': moduleOf(theirs), 'src/theirs.test.js': testFile([tests.theirs]) },
    tests: { around: () => undefined, command: () => [process.execPath, '--test'] },
  };
}

function helpers(name: string, n: number): string {
  return Array.from(
    { length: 3 },
    (_, at) =>
      `export function ${name}x${at}(list) {\n  const kept = list.filter((item) => item % ${n + at + 2} !== 0);\n  return kept.map((item) => item + ${at});\n}\n`,
  ).join('\n');
}

function testFile(holds: readonly string[]): string {
  const head =
    "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport * as m from './module.js';\n";
  return `${head}\ntest('it loads', () => assert.ok(m));\n${holds.map((line, at) => `test('holds ${at}', () => {\n  ${line}\n});\n`).join('')}`;
}
