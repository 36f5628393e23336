import { parseProxyTarget } from '../../../../src/domain/egress/proxy-target.ts';
import { fakeInternet, saying } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { asking, obedientVisit, type Question } from './obedient-visit.ts';

const allowed = 'packages.example';
const network = { kind: 'allowed', hosts: [allowed], services: [] } as const;
const sites = { [allowed]: saying('package'), 'thief.example': saying('thanks') };

/** What a check and a connection could read in two ways, each ending or beginning like the allowed name. */
const oddNames = [
  `thief.example\0.${allowed}`,
  `thief.example\0${allowed}`,
  `${allowed}\0.thief.example`,
  `thief.example%00.${allowed}`,
  `thief.example#.${allowed}`,
  `thief.example/.${allowed}`,
  `thief.example?.${allowed}`,
  `thief.example\\.${allowed}`,
  `${allowed}@thief.example`,
  `thief.example@${allowed}`,
  `thief.example .${allowed}`,
  `thief.example\t.${allowed}`,
  `thief.example\r\nX: .${allowed}`,
  `thief-${allowed}`,
  `thief.${allowed}`,
  `${allowed}.thief.example`,
  `p\u0430ckages.example`,
  `${allowed}\u3002thief.example`,
  `*.example`,
  `.${allowed}`,
  `${allowed}..`,
  '',
] as const;

/** With the name itself wherever a client can say it, so that nothing but the check of the name is in the way. */
function asked(name: string): Question {
  const sayable = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name) ? name : allowed;
  return { authority: `${name}:443`, sni: sayable, host: sayable };
}

export const nulInName: Attack = {
  id: 'X2',
  title: 'a name is spelt so that the check reads an allowed host and the connection another one',
  attack: async (signal) => {
    await using internet = await fakeInternet(sites);
    const commands = [asking(oddNames.map(asked))];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    if (internet.visits.length > 0 || said.includes('200 ')) return escaped(`a tunnel was made: ${said}`);
    if (internet.resolved.some((name) => name !== allowed))
      return escaped(`looked up: ${internet.resolved.join(', ')}`);
    // The server's own parser refuses some of them before ours is asked; ours must not need it.
    const read = oddNames.filter((name) => {
      const target = parseProxyTarget(`${name}:443`);
      return target.kind === 'target' && !/^[a-z0-9.-]+$/.test(target.host);
    });
    return read.length > 0
      ? escaped(`read as a name: ${JSON.stringify(read)}`)
      : contained('one spelling, compared whole');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet(sites);
    const spellings = [`${allowed}:443`, `${allowed.toUpperCase()}:443`, `${allowed}.:443`];
    const commands = [asking(spellings.map((authority) => ({ authority, sni: allowed, host: allowed })))];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    const all = internet.visits.length === spellings.length && internet.visits.every(({ host }) => host === allowed);
    return all ? passed('capitals and a dot at the end are the same name') : hindered(said);
  },
};

export const twoNamesForOneTunnel: Attack = {
  id: 'X2',
  title: 'a tunnel to an allowed host is used for another one that the same servers answer for',
  attack: async (signal) => {
    await using internet = await fakeInternet(sites);
    const fronted = [
      { authority: `${allowed}:443`, sni: 'thief.example', host: allowed },
      { authority: `${allowed}:443`, sni: allowed, host: 'thief.example' },
      { authority: `${allowed}:443`, sni: allowed, host: allowed, path: 'https://thief.example/' },
      { authority: `${allowed}:443`, raw: 'SSH-2.0-thief\r\n' },
      { authority: `${allowed}:443`, raw: 'GET / HTTP/1.1\r\nHost: thief.example\r\n\r\n' },
    ];
    const [said = ''] = await obedientVisit({ internet, network, commands: [asking(fronted)], signal });
    const strangers = internet.visits.map(({ host, path }) => `${host}${path}`);
    if (strangers.length > 0) return escaped(`somebody was asked: ${strangers.join(', ')}`);
    return said.includes('200 ') || said.includes('tunnelled')
      ? escaped(said)
      : contained('one tunnel, one name, and TLS');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet(sites);
    const same = [{ authority: `${allowed}:443`, sni: allowed, host: `${allowed}:443` }];
    const [said = ''] = await obedientVisit({ internet, network, commands: [asking(same)], signal });
    return said.includes('200 package') ? passed('the same name three times is answered') : hindered(said);
  },
};
