import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { openRoom } from '../../../fakes/sandbox-room.ts';
import { spelledIn } from '../../../fakes/secret-spellings.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

/** One for each place, so that it is known which one told it. */
const tokens = Array.from({ length: 9 }, (_, at) => ['ghs', `cH3ck${at}utZ7jK9mN1pQ3sT5vW7xY9zA1cD3f${at}5`].join('_'));
const basic = (at: number): string => Buffer.from(`x-access-token:${tokens[at]}`).toString('base64');

interface Kept {
  readonly secret: string;
  readonly config: string;
}

/** Each place in which checkouts, and people, keep a credential. */
const places: readonly (readonly [string, string])[] = [
  ['a header for the server', `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${basic(0)}\n`],
  ['a header over two lines', `[HTTP "https://a.test/"]\n\tExtraHeader = AUTHORIZATION: \\\n basic ${basic(1)}\n`],
  [
    'the address of the remote',
    `[remote "origin"]\n\turl = https://x-access-token:${tokens[2]}@github.com/octo/slug\n`,
  ],
  ['an address to push to', `[remote "other"]\n\tpushurl = https://${tokens[3]}@github.com/octo/slug\n`],
  ['a rewritten address', `[url "https://x:${tokens[4]}@github.com/"]\n\tinsteadOf = https://git.test/\n`],
  ['a credential helper', `[credential "https://github.com"]\n\thelper = "!f() { echo password=${tokens[5]}; }; f"\n`],
  ['a header kept for a remote', `[remote "third"]\n\textraheader = AUTHORIZATION: basic ${basic(6)}\n`],
  ['the setting of another tool', `[hub]\n\toauthtoken = ${tokens[8]}\n`],
  ['a proxy with a password', `[remote "fourth"]\n\tproxy = http://user:${tokens[7]}@proxy.test:8080\n`],
];
const decoded = (config: string): string =>
  config + Buffer.from(/basic (\S+)/.exec(config)?.[1] ?? '', 'base64').toString('utf8');
const kept: Readonly<Record<string, Kept>> = Object.fromEntries(
  places.map(([place, config]) => [
    place,
    { config, secret: tokens.find((one) => decoded(config).includes(one)) ?? '' },
  ]),
);

const commands = [
  'cat .git/config .git/config.worktree .git/FETCH_HEAD .git/logs/HEAD',
  'git config --list --show-origin --includes',
  'git remote -v; git ls-remote --get-url origin',
  'grep -rIa "" .git --include=config* --include=*HEAD*',
  'cat /proc/1/root/ws/.git/config /proc/self/cwd/.git/config',
];

async function seen(config: string): Promise<string> {
  await using room = await openRoom(bubblewrapSandbox(), {
    prepare: ({ root }) => {
      const file = path.join(root, '.git', 'config');
      appendFileSync(file, config);
    },
  });
  const said = await room.sh(commands.join('\n'));
  return `${said.stdout}\n${said.stderr}`;
}

export const checkoutCredential: Attack = {
  id: 'A8',
  title: 'the token that a checkout left in .git/config, read by a command',
  async attack() {
    const text = await seen(
      Object.values(kept)
        .map(({ config }) => config)
        .join(''),
    );
    const found = Object.entries(kept).find(([, { secret }]) => spelledIn(text, secret).length > 0);
    return found === undefined
      ? contained(`${Object.keys(kept).length} places tell nothing`)
      : escaped(`it is read in ${found[0]}`);
  },
  async twin() {
    const text = await seen('[remote "origin"]\n\turl = https://github.com/octo/slug\n');
    return text.includes('https://github.com/octo/slug') ? passed('the remote is told') : hindered(text.slice(0, 400));
  },
};
