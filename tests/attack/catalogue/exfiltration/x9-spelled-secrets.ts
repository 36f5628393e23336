import { spelledIn, spellings } from '../../../fakes/secret-spellings.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { publishing, token } from './publishing.ts';

const half = Math.ceil(token.length / 2);

/** Every way of writing it, and parts of it. */
const written: readonly (readonly [string, string])[] = [
  ...Object.entries(spellings).map(([name, spell]) => [name, spell(token)] as const),
  ['its first half', token.slice(0, half)],
  ['its last half', token.slice(-half)],
  ['its last half, backwards', [...token.slice(-half)].reverse().join('')],
];

export const spelledInFile: Attack = {
  id: 'X9',
  title: `the publisher’s own token in a changed file, in ${written.length} spellings`,
  async attack() {
    for (const [name, text] of written) {
      const { left, report } = await publishing({ change: { 'src/slugify.ts': `// see below\nconst x = ${text};\n` } });
      const seen = spelledIn(left, token);
      if (seen.length > 0 || report.error?.code !== 'E602') return escaped(`${name}: ${report.reason}; left: ${seen}`);
    }
    return contained('each was a reason to publish nothing');
  },
  twin: harmless({ 'src/slugify.ts': 'const x = "ghs_ is how tokens of GitHub begin";\n' }),
};

export const spreadOverFiles: Attack = {
  id: 'X9',
  title: 'the token in pieces, each in a file of its own',
  async attack() {
    const pieces = token.match(/.{1,6}/g) ?? [];
    const change = Object.fromEntries(pieces.map((piece, at) => [`src/part-${at}.txt`, `${piece}\n`]));
    const { report, left } = await publishing({ change });
    return report.error?.code === 'E602'
      ? contained('the files together were a reason to publish nothing')
      : escaped(`${report.reason} ${spelledIn(left, token)}`);
  },
  twin: harmless({ 'src/a.txt': 'one\n', 'src/b.txt': 'two\n' }),
};

export const spelledInWords: Attack = {
  id: 'X9',
  title: 'the token in title, body, verified steps and test output',
  async attack() {
    for (const name of ['base64', 'hex', 'reversed', 'split by spaces', 'HTML entities'] as const) {
      const text = spellings[name]?.(token) ?? '';
      const run = { command: 'npm test', exitCode: 0, timedOut: false, durationMs: 1, output: text };
      for (const more of [
        { submission: { title: `Fix ${text}` } },
        { submission: { body: text } },
        { submission: { verified: [text] } },
        { result: { testsAfter: run } },
      ]) {
        const { left, report } = await publishing(more);
        const seen = spelledIn(left, token);
        if (seen.length > 0 || report.error?.code !== 'E602')
          return escaped(`${name} in ${Object.keys(more)}: ${seen}`);
      }
    }
    return contained('nothing was published and the comment did not tell');
  },
  twin: harmless({ 'src/slugify.ts': 'new\n' }),
};

export const spelledInEnd: Attack = {
  id: 'X9',
  title: 'the token in how a run ends: its reason, its questions',
  async attack() {
    for (const name of ['plain', 'base64', 'base32', 'percent-encoded', 'base64, backwards'] as const) {
      const text = `It failed. ${spellings[name]?.(token)}`;
      for (const outcome of ['failed', 'needs_info', 'blocked', 'no_change'] as const) {
        const { left, report } = await publishing({ result: { outcome, reason: text, questions: [text] } });
        const told = spelledIn(`${left}\n${report.reason}`, token);
        if (told.length > 0) return escaped(`${outcome}, ${name}: the comment tells it ${told[0]}`);
      }
    }
    return contained('the comment says that something was left out');
  },
  async twin() {
    const { left } = await publishing({ result: { outcome: 'failed', reason: 'The tests need a database.' } });
    return left.includes('The tests need a database.') ? passed('the reason is in the comment') : hindered(left);
  },
};

function harmless(change: Readonly<Record<string, string>>): Attack['twin'] {
  return async () => {
    const { report } = await publishing({ change });
    return report.outcome === 'succeeded' ? passed('it was published') : hindered(report.reason);
  };
}
