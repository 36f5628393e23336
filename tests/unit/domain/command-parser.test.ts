import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/domain/command.ts';
import { parseCommand } from '../../../src/domain/command-parser.ts';
import { anyText } from '../../fakes/any-text.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

const parse = (text: string) => parseCommand(text, '/agent');
const found = (text: string): boolean => parse(text).kind !== 'none';

describe('a command is found', () => {
  it.each([
    ['alone', '/agent fix'],
    ['with spaces before it', '  /agent fix'],
    ['on a later line', 'Thanks for the report.\n\n/agent fix\n'],
    ['right below a paragraph', 'Please:\n/agent fix'],
    ['with Windows line ends', 'hello\r\n/agent fix\r\nbye'],
    ['below a quotation and an empty line', '> what alice said\n\n/agent fix'],
    ['below an empty quoted line', '> what alice said\n>\n/agent fix'],
    ['below closed code', '```js\nx\n```\n/agent fix'],
    ['below a closed HTML comment', '<!-- note -->\n/agent fix'],
    ['after an unpaired backtick in another paragraph', 'a ` b\n\n/agent fix\n\nc ` d'],
    ['in capitals', '/Agent FIX'],
    ['after a code span that holds a comment mark', 'use `<!--` here\n/agent fix'],
    ['at the end of a sentence', '/agent fix.'],
    ['with a comma and words for the agent', '/agent fix, please'],
    ['after an escaped backtick', 'a \\` b\n/agent fix\nc \\` d'],
  ])('%s', (_name, text) => {
    expect(parse(text)).toEqual({ kind: 'command', command: { name: 'fix', options: {} } });
  });

  it('by a phrase that the repository chose', () => {
    expect(parseCommand('@entropy retry', '@entropy').kind).toBe('command');
    expect(parseCommand('/agent retry', '@entropy').kind).toBe('none');
  });

  it('the first one when there are several', () => {
    expect(parse('/agent status\n/agent fix')).toMatchObject({ command: { name: 'status' } });
  });

  it.each(commandNames.filter((name) => name !== 'approve'))('by its name: %s', (name) => {
    expect(parse(`/agent ${name}`)).toMatchObject({ kind: 'command', command: { name } });
  });

  it.each(['0123456789abcdef01234567', '`0123456789ABcdef01234567`', 'a'.repeat(64)])(
    'by its name: approve, with the plan %s',
    (plan) => {
      const named = plan.replaceAll('`', '').toLowerCase();
      expect(parse(`/agent approve ${plan}`)).toMatchObject({ command: { name: 'approve', options: { plan: named } } });
    },
  );

  it.each([
    '',
    ' 0123456789abcdef0123456',
    ' latest',
    ' g123456789abcdef01234567',
    ` ${'a'.repeat(65)}`,
    ' --plan 0123456789abcdef01234567',
  ])('and refused: approve without a plan that it can mean (%s)', (rest) => {
    expect(parse(`/agent approve${rest}`)).toMatchObject({ kind: 'invalid', name: 'approve' });
  });
});

describe('nothing is taken for a command', () => {
  it.each([
    ['in the middle of a line', 'try /agent fix'],
    ['as a part of a longer word', '/agents fix'],
    ['in a quotation', '> /agent fix'],
    ['in a nested quotation', '> > /agent fix'],
    ['in a quotation in a list', '- > said\n  /agent fix'],
    ['in a line that lazily continues a quotation', '> said\n/agent fix'],
    ['in a fenced block', '```\n/agent fix\n```'],
    ['in a fence of tildes', '~~~~\n/agent fix\n~~~\n/agent fix\n~~~~'],
    ['in a fence that never closes', '```\n/agent fix'],
    ['in a fence in a list item, across an empty line', '- ```\n\n  /agent fix\n  ```'],
    ['in indented code', 'text\n\n    /agent fix'],
    ['in code indented by a tab', '\t/agent fix'],
    ['in a code span over lines', 'see `a\n/agent fix\nb` there'],
    ['in a longer code span over lines', 'see ``a ` b\n/agent fix\nb`` there'],
    ['in an HTML comment', '<!--\n/agent fix\n-->'],
    ['in an HTML comment that starts in a line', 'hello <!-- \n/agent fix\n-->'],
    ['in an HTML comment that never closes', 'hello <!--\n\n/agent fix'],
    ['behind an HTML comment in the same line', '<!-- x --> /agent fix'],
    ['in a pre element', '<pre>\n/agent fix\n</pre>'],
    ['in a block quotation written as HTML', '<blockquote>\n\n/agent fix\n\n</blockquote>'],
    ['in a list item', '- /agent fix'],
    ['in emphasis', '**/agent fix**'],
    ['in an empty text', ''],
  ])('%s', (_name, text) => {
    expect(parse(text)).toEqual({ kind: 'none' });
  });

  it('however deep a text hides it', () => {
    const hiders = [
      (text: string) => text.replace(/^/gm, '> '),
      (text: string) => `\`\`\`\`\`\`\`\`\n${text}\n\`\`\`\`\`\`\`\``,
      (text: string) => `<!--\n${text.replaceAll('-->', '')}\n-->`,
      (text: string) => `<pre>\n${text.replaceAll('</pre>', '')}\n</pre>`,
    ];
    const noise = fc.stringMatching(/^[a-z >\n]{0,40}$/);
    fc.assert(
      fc.property(fc.constantFrom(...hiders), noise, (hide, before) => {
        expect(found(hide(`${before}\n/agent fix`))).toBe(false);
      }),
    );
  });
});

describe('options', () => {
  it('are read with a space or an equals sign', () => {
    expect(parse('/agent fix --budget 2usd --base release/1.x --model=claude-opus-4-8 --role coder')).toEqual({
      kind: 'command',
      command: {
        name: 'fix',
        options: { budgetMicroUsd: 2_000_000, base: 'release/1.x', model: 'claude-opus-4-8', role: 'coder' },
      },
    });
  });

  it('stand among words that are meant for the agent', () => {
    expect(parse('/agent fix please keep the API — as it is --budget $0.50 thanks')).toEqual({
      kind: 'command',
      command: { name: 'fix', options: { budgetMicroUsd: 500_000 } },
    });
  });

  it('are read when a telephone joined the dashes', () => {
    expect(parse('/agent fix —budget 1usd')).toMatchObject({ command: { options: { budgetMicroUsd: 1_000_000 } } });
  });

  it('are not taken from an HTML comment behind the command', () => {
    expect(parse('/agent fix <!-- --base evil -->')).toEqual({
      kind: 'command',
      command: { name: 'fix', options: {} },
    });
  });

  it.each([
    ['/agent fix --budgt 2usd', '`--budgt` is not an option. Did you mean `--budget`?'],
    ['/agent fix --frobnicate', '`--frobnicate` is not an option; known are --role, --model, --budget, --base'],
    ['/agent fix --budget', '`--budget` needs a value'],
    ['/agent fix --budget lots', '`--budget` is an amount above 0, such as 2usd or 0.50usd'],
    ['/agent fix --budget 0', '`--budget` is an amount above 0, such as 2usd or 0.50usd'],
    ['/agent fix --base ../x', '`--base` is not the name of a branch'],
    ['/agent fix --base --upload-pack=x', '`--base` is not the name of a branch'],
    ['/agent fix --model $(id)', 'that is not the name of a model'],
    ['/agent fix --model scripted:/etc/passwd', 'that is not the name of a model'],
    ['/agent fix --role Über', 'that is not the name of a role'],
    ['/agent review --base main', '`review` takes no `--base`; it takes --role, --model, --budget'],
    ['/agent triage --bugdet 1', '`--bugdet` is not an option. Did you mean `--budget`?'],
    ['/agent help --me', '`help` takes no options'],
    ['/agent status --budget 2usd', '`status` takes no options'],
  ])('that cannot be used are told: %s', (text, problem) => {
    expect(parse(text)).toMatchObject({ kind: 'invalid', problem });
  });
});

describe('a word that is no command', () => {
  it('brings the nearest one', () => {
    expect(parse('/agent fx')).toEqual({ kind: 'unknown', word: 'fx', suggestion: 'fix' });
    expect(parse('/agent stpo')).toEqual({ kind: 'unknown', word: 'stpo', suggestion: 'stop' });
  });

  it('is repeated only when it is harmless', () => {
    expect(parse('/agent @everyone')).toEqual({ kind: 'unknown', word: '' });
    expect(parse('/agent [x](http://evil)')).toEqual({ kind: 'unknown', word: '' });
    expect(parse('/agent')).toEqual({ kind: 'unknown', word: '' });
  });
});

describe('hostile text', () => {
  it.each([
    ['comment openings', '<!--'.repeat(50_000)],
    ['comments', '<!-- -->'.repeat(25_000)],
    ['backticks in growing runs', Array.from({ length: 600 }, (_, n) => '`'.repeat(n + 1)).join(' ')],
    ['single backticks and breaks', '`\n\n'.repeat(60_000)],
    ['backslashes', '\\'.repeat(200_000)],
    ['elements', '<pre '.repeat(40_000)],
    ['list markers', '- '.repeat(100_000)],
    ['quotes', '>'.repeat(200_000)],
    ['one line of backticks', '`'.repeat(200_000)],
    ['fences', '```\n'.repeat(50_000)],
    ['spaces', `${' '.repeat(200_000)}x`],
    ['lines of spaces', ' \n'.repeat(100_000)],
  ])('of 200 kB takes no noticeable time: %s', (_name, text) => {
    const started = cpuMs();
    parse(text);
    expect(cpuMs() - started).toBeLessThan(500);
  });

  it('never makes the parser throw', () => {
    const piece = fc.constantFrom(
      '/agent',
      ' fix',
      '\n',
      '`',
      '```',
      '<!--',
      '-->',
      '> ',
      '\\',
      '    ',
      '<pre>',
      '--budget',
      '=',
      '-',
      '~~~',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, anyText()), { maxLength: 40 }), (pieces) => found(pieces.join('')) || true),
      { numRuns: 2_000 },
    );
  });
});
