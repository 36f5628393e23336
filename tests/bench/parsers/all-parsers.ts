import { createHash } from 'node:crypto';
import { cutPayload } from '../../../src/adapters/github/cut-payload.ts';
import { readForgeEvent } from '../../../src/adapters/github/forge-event.ts';
import { parseCommand } from '../../../src/domain/command-parser.ts';
import { readCoordinatorUrl } from '../../../src/domain/coordinator-url.ts';
import { parseProxyTarget, targetProblem } from '../../../src/domain/egress/proxy-target.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { readGuardedText } from '../../../src/domain/guarded-json.ts';
import { isObject } from '../../../src/domain/json-shape.ts';
import { checkPatch } from '../../../src/domain/patch-check.ts';
import { defaultPatchPolicy } from '../../../src/domain/patch-policy.ts';
import { parseQuery } from '../../../src/domain/query/parser.ts';
import { printQuery } from '../../../src/domain/query/printer.ts';
import { parseRemoteUrl } from '../../../src/domain/remote-url.ts';
import { parseRunResult } from '../../../src/flows/run-result-schema.ts';
import { readConfig } from '../../../src/runtime/repository-config.ts';
import { githubExampleQueries } from '../../fakes/github-query-examples.ts';
import { everyDelivery } from '../../fakes/payloads/payloads.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { oddCharacters } from './odd-characters.ts';
import type { Parser, Reading } from './parser.ts';
import { sanitisers } from './sanitisers.ts';

const inJson = [
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  'null',
  '1e999',
  '-',
  ' ',
  '0',
  'true',
  'e',
];

const command: Parser = {
  name: 'command',
  cases: 200_000,
  samples: [
    '/agent fix --budget 2usd',
    'Please:\n\n/agent retry --base main\n\n> /agent stop',
    '`/agent fix`\n/agent help',
  ],
  pieces: [
    ...[
      '/agent',
      '/аgent',
      '/agent\u200b',
      '/AGENT',
      'fix',
      'retry',
      ' ',
      '--budget',
      '--base',
      '=',
      '2usd',
      '—budget',
    ],
    ...[
      '\n',
      '\n\n',
      '`',
      '```',
      '> ',
      '- ',
      '    ',
      '<!--',
      '-->',
      '<pre>',
      '</pre>',
      '\\',
      '~~~',
      '1. ',
      ...oddCharacters,
    ],
  ],
  read: (text) => {
    const { kind } = parseCommand(text, '/agent');
    if (kind === 'none') return 'refused';
    // Look-alikes and words with something unseen in them are not the phrase.
    return text.toLowerCase().includes('/agent') ? 'read' : { problem: `it is taken for a command (${kind})` };
  },
};

const query: Parser = {
  name: 'query',
  cases: 200_000,
  samples: githubExampleQueries,
  pieces: [
    ...['"', '\\', '(', ')', '-', ',', ':', ' ', '\n', '..', '*', '<', '>=', '@me', '@today', 'AND', 'OR', 'NOT', 'a'],
    ...['label:', 'created:', 'is:', 'sort:', 'in:', 'field.', 'repo:', '7d', '2026-11-21', ...oddCharacters],
  ],
  read: (text) => {
    const first = parseQuery(text);
    if (first.kind === 'error') return 'refused';
    const printed = printQuery(first.query);
    const second = parseQuery(printed);
    return second.kind === 'ok' && printQuery(second.query) === printed
      ? 'read'
      : { problem: 'not read as it was printed' };
  },
};

const url: Parser = {
  name: 'URL',
  cases: 250_000,
  samples: [
    'https://user:s3cret@github.com/octo/slug.git',
    'git@github.com:octo/slug.git',
    'ssh://git@[::1]:22/octo/slug',
    'https://agents.example.com/base/',
    'registry.npmjs.org:443',
    '[::ffff:169.254.169.254]:443',
  ],
  pieces: [
    ...[
      'http://',
      'https://',
      'ssh://',
      'git+ssh://',
      'file://',
      'ext::',
      '//',
      '/',
      '\\',
      ':',
      '@',
      '?',
      '#',
      '%00',
      '%2e',
    ],
    ...[
      '..',
      '.',
      '[::1]',
      '[',
      ']',
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      's3cret',
      'github.com',
      'octo',
      'slug.git',
      ':443',
    ],
    ...[' ', '\n', '\t', 'xn--', '。', '①', ...oddCharacters],
  ],
  read: (text) => urlProblem(text),
};

function urlProblem(text: string): Reading {
  const remote = parseRemoteUrl(text);
  const kept = remote.kind === 'forge' ? `${remote.host} ${remote.owner} ${remote.name} ${remote.webUrl}` : '';
  if (/[\p{Cc}\s@]/u.test(kept.replaceAll(' ', ''))) return { problem: `kept of a remote: ${JSON.stringify(kept)}` };
  const coordinator = readCoordinatorUrl(text);
  if (coordinator.kind === 'url') {
    const { protocol, hostname, username, password, search } = new URL(coordinator.url);
    const safe = protocol === 'https:' || /^(?:localhost|\[::1\]|127\.)/.test(hostname);
    if (!safe || username + password + search !== '') return { problem: `a coordinator at ${coordinator.url}` };
  }
  const target = parseProxyTarget(text);
  if (target.kind === 'target') {
    const { host } = target;
    const passes = targetProblem(target, ['registry.npmjs.org']) === undefined;
    if (passes && host !== 'registry.npmjs.org') return { problem: `let through: ${JSON.stringify(host)}` };
  }
  return remote.kind === 'unusable' && coordinator.kind === 'problem' && target.kind !== 'target' ? 'refused' : 'read';
}

const blob = {
  sizeBytes: 4,
  blobSha: '9daeafb9864cf43055ae93beb0afd6c7d144bfa4',
  encoding: 'utf-8',
  content: 'test',
} as const;
const handOver = JSON.stringify(
  readyResult({
    schema: 1,
    runId: '01JD0000000000000000000000',
    base: { sha: '1'.repeat(40), treeSha: '2'.repeat(40) },
    treeSha: '3'.repeat(40),
    files: [
      { change: 'added', path: 'a/b.ts', mode: '100644', ...blob },
      { change: 'deleted', path: 'c', lines: { added: 0, removed: 1 } },
    ],
  }),
);

const manifest: Parser = {
  name: 'manifest',
  cases: 100_000,
  samples: [handOver],
  pieces: [
    ...inJson,
    '"files":[',
    '"path":"',
    '../',
    '.git',
    '"mode":"120000"',
    '"__proto__":{},',
    '"outcome":"succeeded",',
    ...oddCharacters,
  ],
  around: [
    ['', ''],
    [`${handOver.slice(0, -1)},"reason":"`, '"}'],
    [handOver.replace(/a\/b\.ts.*$/, ''), `${handOver.replace(/^.*a\/b\.ts/, '')}`],
  ],
  read: async (text) => {
    const json = parsedJson(text);
    if (json === undefined) return 'refused';
    try {
      const { patch } = await parseRunResult(json);
      if (patch !== undefined) checkPatch(patch, defaultPatchPolicy, blobSha);
      return 'read';
    } catch (error) {
      if (error instanceof EntropyError && error.code === 'E603') return 'refused';
      throw error;
    }
  },
};

function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const deliveries = everyDelivery();
const webhook: Parser = {
  name: 'webhook',
  cases: 100_000,
  samples: deliveries.map(({ event, payload }) =>
    JSON.stringify({ event, payload: { ...payload, organization: null } }),
  ),
  pieces: [
    ...inJson,
    '"__proto__":1,',
    '"constructor":{},',
    '"repository":{},',
    '"a":[',
    '"a":{',
    '"\\u005f',
    ...oddCharacters,
  ],
  around: [
    ['', ''],
    ['{"event":"issues","payload":{"a":"', '"}}'],
    ['{"event":"issues","payload":', '}'],
  ],
  read: (text) => {
    const guarded = readGuardedText(text, 100);
    if (guarded.kind !== 'json' || !isObject(guarded.value)) return 'refused';
    const { event, payload } = guarded.value;
    if (typeof event !== 'string' || !isObject(payload)) return 'refused';
    const cut = cutPayload(event, payload, 'octo/slug');
    if (cut.kind !== 'cut') return 'refused';
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) return { problem: 'every object was changed' };
    try {
      readForgeEvent({ event, payload: cut.payload });
      return 'read';
    } catch (error) {
      if (error instanceof EntropyError && error.code === 'E103') return 'refused';
      throw error;
    }
  },
};

const policy: Parser = {
  name: 'policy file',
  cases: 40_000,
  samples: [
    'setup: npm ci\ntest: npm test\nlimits:\n  max-turns: 30\n  max-cost-usd: 2\npaths:\n  protect: ["src/**"]\nallow-users: [bob]\n',
    'merge: never\nnetwork:\n  setup: registries\n  agent: []\nwho:\n  fix: write\nmodels:\n  allowed: ["claude-*"]\n',
  ],
  pieces: [
    ...[
      'a: ',
      'b:\n',
      '  ',
      '- ',
      '\n',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|\n',
      '>\n',
      '&a ',
      '*a',
      '!!str ',
      '<<: ',
      '? ',
    ],
    ...[
      '#',
      '---\n',
      '...\n',
      '%YAML 1.2\n',
      'limits:\n',
      '  max-turns: 1\n',
      'paths: ',
      '1e999',
      '~',
      '\t',
      ...oddCharacters,
    ],
  ],
  read: async (text) => {
    try {
      const { problems } = await readConfig(text);
      const lost = problems.find(({ line, column, message }) => !(line >= 1 && column >= 1) || message === '');
      if (lost !== undefined) return { problem: `a problem without a place: ${JSON.stringify(lost)}` };
      return problems.length === 0 ? 'read' : 'refused';
    } catch (error) {
      if (error instanceof EntropyError && error.code === 'E101') return 'refused';
      throw error;
    }
  },
};

/** Everything that reads what strangers write. */
export const allParsers: readonly Parser[] = [...sanitisers, command, query, url, manifest, webhook, policy];
