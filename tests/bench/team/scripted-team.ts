import type { FakeAnswer, SeenRequest } from '../../fakes/fake-anthropic.ts';
import { answerCheck } from './answer-check.ts';
import { changedFile as file, type Turn } from './turn.ts';

export const agentRoles = ['reader', 'planner', 'coder', 'tester', 'reviewer'] as const;
export type AgentRole = (typeof agentRoles)[number];

/** How the first message of the system prompt begins, by role. */
const openings: Readonly<Record<AgentRole, string>> = {
  reader: 'You are an agent that reads issues',
  planner: 'You are a planning agent',
  coder: 'You are a coding agent',
  tester: 'You are a testing agent',
  reviewer: 'You are a reviewing agent',
};

const cutLine = '  const cut = slug.slice(0, maxLength);\n';

const reading: Turn[] = [
  [['read_file', { path: file }]],
  [
    [
      'submit_triage',
      {
        summary: 'A slug that fits the limit exactly loses its last word.',
        ...{ type: 'bug', size: 's', priority: 2, labels: [], questions: [], related: [] },
        acceptance: [
          "`slugify('one two three', { maxLength: 7 })` is `one-two`",
          'the same with any other separator',
          'a word is never cut in half',
        ],
      },
    ],
  ],
];

const planning: Turn[] = [
  [['read_file', { path: file }]],
  [
    [
      'submit_plan',
      {
        summary: 'Keep the cut where it is when it falls right before a separator.',
        steps: [{ title: 'Look at what follows the cut', detail: 'In `shorten`, before going back.', paths: [file] }],
        tests: ['`npm test`, where one test fails today'],
        risks: ['nothing else calls `shorten`'],
      },
    ],
  ],
];

const wrongAttempt: Turn[] = [
  [
    [
      'edit_file',
      { path: file, old_text: cutLine, new_text: `${cutLine}  if (slug.charAt(maxLength) === '-') return cut;\n` },
    ],
  ],
  [['bash', { command: 'npm test' }]],
  [
    [
      'submit',
      {
        title: 'Keep the last word when the limit falls on a separator',
        body: 'The cut stays where it is when a hyphen follows it.',
        verified: ['`npm test`: 9 of 9 pass'],
      },
    ],
  ],
];

/** Each tester writes a test of its own; the first finds what the coder forgot. */
function testing(run: number): Turn[] {
  const cases = [
    { name: 'separator', options: "{ separator: '_', maxLength: 7 }", expected: 'one_two' },
    { name: 'long-separator', options: "{ separator: '--', maxLength: 8 }", expected: 'one--two' },
    { name: 'case', options: "{ lower: false, separator: '_', maxLength: 7 }", expected: 'one_two' },
  ];
  const { name, options, expected } = cases[Math.min(run, cases.length - 1)] ?? { name: '', options: '', expected: '' };
  const path = `test/limit-${name}.test.js`;
  const content = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify } from '../src/slugify.js';

test('keeps the last word at the limit: ${name}', () => {
  assert.equal(slugify('one two three', ${options}), '${expected}');
});
`;
  const command = `node --test ${path}`;
  return [
    [['write_file', { path, content }]],
    [['bash', { command }]],
    [
      [
        'submit_verification',
        { summary: `With \`${options}\` the last word has to stay.`, command, not_verified: ['other alphabets'] },
      ],
    ],
  ];
}

const addressTest = (text: string): Turn[] => [
  [
    [
      'edit_file',
      {
        path: file,
        old_text: "  if (slug.charAt(maxLength) === '-') return cut;\n",
        new_text: '  if (slug.startsWith(separator, maxLength)) return cut;\n',
      },
    ],
    ...testFileOf(text),
  ],
  [['bash', { command: 'npm test' }]],
  [
    [
      'submit',
      {
        title: 'Keep the last word with any separator',
        body: 'What follows the cut is held against the separator that was asked for.',
        verified: ["`npm test`: all pass, the tester's among them"],
      },
    ],
  ],
];

/** The tester's test is taken into the repository as it is. */
function testFileOf(text: string): Turn {
  const found = /test file (test\/[a-z-]+\.test\.js)[^\n]*\n([\s\S]*?)\n<\/untrusted/.exec(text);
  const [, path, content] = found ?? [];
  return path === undefined ? [] : [['write_file', { path, content: `${content}\n` }]];
}

const reviewFirst: Turn[] = [
  [['bash', { command: 'git diff --stat; npm test' }]],
  [
    [
      'submit_review',
      {
        summary: 'The cut is kept when a separator follows. It does what was asked.',
        findings: [
          {
            path: file,
            line: 24,
            severity: 'major',
            category: 'readability',
            title: 'Nothing says why the cut may stay',
            body: 'Whoever reads the next line thinks that it is always gone back. A name or a comment is missing.',
          },
          {
            path: file,
            line: 24,
            severity: 'major',
            category: 'correctness',
            title: 'Reads behind the end when there is no limit',
            body: '`maxLength` may be infinite, and `startsWith` is asked for that position.',
          },
        ],
        earlier: [],
        not_reviewed: [],
      },
    ],
  ],
];

const addressReview = (text: string): Turn[] => {
  const [first = '', second = ''] = fingerprintsOf(text);
  return [
    [
      [
        'edit_file',
        {
          path: file,
          old_text: '  if (slug.startsWith(separator, maxLength)) return cut;\n',
          new_text:
            '  const cutBetweenWords = slug.startsWith(separator, maxLength);\n  if (cutBetweenWords) return cut;\n',
        },
      ],
    ],
    [['bash', { command: 'npm test' }]],
    [
      [
        'submit',
        {
          title: 'Name the cut between two words',
          body: 'One finding is answered by a name, the other one is no problem.',
          verified: ['`npm test`: all pass'],
          answers: [
            { fingerprint: first, answer: 'fixed', why: 'The condition has a name now.' },
            {
              fingerprint: second,
              answer: 'refuted',
              why: 'A slug within the limit is returned two lines above, and none is longer than infinity.',
            },
          ],
        },
      ],
    ],
  ];
};

const reviewSecond = (text: string): Turn[] => {
  const [first = '', second = ''] = fingerprintsOf(text);
  return [
    [['bash', { command: 'npm test' }]],
    [
      [
        'submit_review',
        {
          summary: 'What was found is answered.',
          findings: [],
          earlier: [
            { fingerprint: first, standing: 'fixed', why: 'The condition is called `cutBetweenWords`.' },
            { fingerprint: second, standing: 'refuted', why: 'The early return covers it.' },
          ],
          not_reviewed: [],
        },
      ],
    ],
  ];
};

/** In the order in which they are told, which is that of the review: readability before correctness. */
function fingerprintsOf(text: string): readonly string[] {
  const told = [...text.matchAll(/finding ([0-9a-f]{6,64}), [a-z]+[^\n]*\n([^\n]*)/g)];
  const named = told.map(([, fingerprint = '', title = '']) => ({ fingerprint, isFirst: title.includes('says why') }));
  return [...named].sort((a, b) => Number(b.isFirst) - Number(a.isFirst)).map(({ fingerprint }) => fingerprint);
}

/** A model for each role, told apart by what it is told. Testers are counted: each run of one writes another test. */
export function scriptedTeam(): { readonly answer: (request: SeenRequest) => FakeAnswer; readonly asked: AgentRole[] } {
  const asked: AgentRole[] = [];
  let testers = 0;
  const answer = (request: SeenRequest): FakeAnswer => {
    const text = JSON.stringify(request.body['system']);
    const role = agentRoles.find((one) => text.includes(openings[one]));
    if (role === undefined) return { kind: 'error', status: 400, message: 'no role of the team' };
    const messages = request.body['messages'] as readonly { readonly role: string; readonly content: unknown }[];
    const turn = messages.filter((message) => message.role === 'assistant').length;
    if (turn === 0) {
      asked.push(role);
      if (role === 'tester') testers += 1;
    }
    const turns = scriptOf(role, textOf(messages[0]?.content), testers - 1);
    const calls = turns[Math.min(turn, turns.length - 1)] ?? [];
    const content = calls.map(([name, input], at) => ({ type: 'tool_use', id: `toolu_${turn}_${at}`, name, input }));
    return { kind: 'message', content };
  };
  return { answer, asked };
}

function scriptOf(role: AgentRole, text: string, testers: number): readonly Turn[] {
  switch (role) {
    case 'reader':
      return reading;
    case 'planner':
      return planning;
    case 'tester':
      return testing(testers);
    case 'reviewer':
      return fingerprintsOf(text).length > 0 ? reviewSecond(text) : reviewFirst;
    case 'coder':
      if (text.includes('These checks failed on its head')) return answerCheck;
      if (text.includes('A tester wrote tests')) return addressTest(text);
      return text.includes('A reviewer found this') ? addressReview(text) : wrongAttempt;
    default:
      return role satisfies never;
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks = Array.isArray(content) ? (content as readonly { readonly text?: string }[]) : [];
  return blocks.map(({ text = '' }) => text).join('\n');
}
