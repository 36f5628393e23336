import { pinNames } from '../../../../src/adapters/egress/pinned-names.ts';
import { fakeInternet, saying, somewhere } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { asking, obedientVisit } from './obedient-visit.ts';

/** Where the holder of an allowed name may point it. */
const inner = [
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '10.0.0.5',
  '172.31.255.1',
  '192.168.1.1',
  '100.100.100.200',
  '169.254.169.254',
  '168.63.129.16',
  '192.0.0.192',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  'fe80::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  'ff02::1',
] as const;

export const nameOfLoopback: Attack = {
  id: 'X4',
  title: 'an allowed name leads to this machine, its neighbours or the metadata service',
  attack: async (signal) => {
    const names = inner.map((_, index) => `n${index}.example`);
    const sites = Object.fromEntries(names.map((name) => [name, saying('inner')]));
    await using internet = await fakeInternet(
      sites,
      Object.fromEntries(names.map((name, index) => [name, [[inner[index] ?? '']]])),
    );
    const network = { kind: 'allowed', hosts: names, services: [] } as const;
    const commands = [asking(names.map((name) => ({ authority: `${name}:443` })))];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    if (internet.dialled.length > 0) return escaped(`connected to ${internet.dialled.join(', ')}`);
    // An address that is public and this machine's own: whatever listens on all interfaces answers there too.
    const own = await pinNames(
      async () => [somewhere],
      () => [somewhere],
    ).addressesOf('packages.example');
    if (own.kind !== 'refused') return escaped('an address of this machine passes');
    return /^"200/m.test(said) ? escaped(said) : contained('every address is looked at before anything connects to it');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet(
      { 'packages.example': saying('package') },
      { 'packages.example': [['10.0.0.5', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', somewhere]] },
    );
    const network = { kind: 'allowed', hosts: ['packages.example'], services: [] } as const;
    const commands = [asking([{ authority: 'packages.example:443' }])];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    return said.includes('200 package') ? passed('of several addresses a public one is taken') : hindered(said);
  },
};

export const nameThatTurns: Attack = {
  id: 'X4',
  title: 'an allowed name leads outside when it is checked, and to this machine when it is connected to',
  attack: async (signal) => {
    await using internet = await fakeInternet(
      // Without a connection that stays open, each question needs one of its own.
      { 'packages.example': (_, answer) => void answer.setHeader('connection', 'close').end('package') },
      { 'packages.example': [[somewhere], ['127.0.0.1']] },
    );
    const network = { kind: 'allowed', hosts: ['packages.example'], services: [] } as const;
    const question = { authority: 'packages.example:443' };
    await obedientVisit({ internet, network, commands: [asking([question, question, question])], signal });
    const wrong = internet.dialled.filter((address) => address !== somewhere);
    if (wrong.length > 0) return escaped(`connected to ${wrong.join(', ')}`);
    return internet.resolved.length > 1
      ? escaped('looked up again')
      : contained('looked up once, and connected to what was looked at');
  },
  twin: async (signal) => {
    const moved = '93.184.216.34';
    await using internet = await fakeInternet(
      { 'one.example': saying('one'), 'two.example': saying('two') },
      { 'one.example': [[somewhere]], 'two.example': [[moved]] },
    );
    const network = { kind: 'allowed', hosts: ['one.example', 'two.example'], services: [] } as const;
    const questions = [{ authority: 'one.example:443' }, { authority: 'two.example:443' }];
    const [said = ''] = await obedientVisit({ internet, network, commands: [asking(questions)], signal });
    const both = internet.dialled.includes(somewhere) && internet.dialled.includes(moved);
    return both && said.includes('200 two') ? passed('each name is connected to at its own address') : hindered(said);
  },
};
