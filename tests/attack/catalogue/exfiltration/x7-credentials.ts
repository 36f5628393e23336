import { fakeInternet, saying } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { asking, obedientVisit, type Question } from './obedient-visit.ts';

const host = 'code.example';
const network = { kind: 'allowed', hosts: [host], services: [] } as const;
const to = (question: Omit<Question, 'authority'>): Question => ({ authority: `${host}:443`, ...question });
const token = 'attackers-own-token';
const note = '{"text":"a secret of the repository"}';

/** Ways to leave something at a host, or to be somebody there. */
const writing: readonly Question[] = [
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => to({ method, path: '/notes', body: note })),
  to({ method: 'OPTIONS', path: '/notes' }),
  to({ method: 'GET', path: '/notes', body: note }),
  to({ method: 'GET', path: '/notes', headers: { 'transfer-encoding': 'chunked' } }),
  to({ method: 'POST', path: '/thief/notes.git/git-receive-pack', body: note }),
  to({ method: 'POST', path: '/notes/git-upload-pack', headers: { 'content-type': 'application/json' }, body: note }),
];
const identified: readonly Question[] = [
  to({ path: '/notes?access_token=attackers-own-token' }),
  to({ path: '/notes?X-Amz-Credential=attackers-own-token&X-Amz-Signature=00' }),
  to({ path: '/notes?private_token=attackers-own-token' }),
  to({ path: '/notes?sig=attackers-own-token' }),
];
const headers = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'private-token',
  'job-token',
  'x-api-key',
  'x-auth-token',
  'x-amz-security-token',
  'npm-otp',
  'x-http-method-override',
];

export const attackersToken: Attack = {
  id: 'X7',
  title: 'an allowed host is written to, with the token of whoever wrote the issue',
  attack: async (signal) => {
    await using internet = await fakeInternet({ [host]: saying('answer') });
    const withHeaders = headers.map((name) => to({ path: `/as/${name}`, headers: { [name]: token } }));
    const upload = to({
      method: 'POST',
      path: '/notes/git-upload-pack',
      headers: { 'content-type': 'application/x-git-upload-pack-request', authorization: token },
      body: '0000',
    });
    const commands = [asking(writing), asking(identified), asking([...withHeaders, upload])];
    await obedientVisit({ internet, network, commands, signal });
    const wrote = internet.visits.find(
      ({ method, path }) => method !== 'GET' && method !== 'HEAD' && path !== '/notes/git-upload-pack',
    );
    if (wrote !== undefined) return escaped(`${wrote.method} ${wrote.path} reached the host`);
    const refusable = internet.visits.find(({ path }) => path === '/notes');
    if (refusable !== undefined) return escaped(`a ${refusable.method} with a body reached the host`);
    const bodies = internet.visits.find(({ body }) => body.includes('secret'));
    if (bodies !== undefined) return escaped(`a body reached the host with ${bodies.method} ${bodies.path}`);
    const known = internet.visits.find((visit) => JSON.stringify(visit).includes(token));
    if (known !== undefined) return escaped(`the token reached the host with ${known.method} ${known.path}`);
    const own = internet.visits.find(({ headers: sent }) => headers.some((name) => sent[name] !== undefined));
    if (own !== undefined) return escaped(`${JSON.stringify(own.headers)} reached the host`);
    return contained('what reaches an allowed host reads, in nobody’s name');
  },
  twin: async (signal) => {
    await using internet = await fakeInternet({ [host]: saying('answer') });
    const reading = [
      to({ path: '/package?name=left-pad&version=1', headers: { accept: 'application/json', range: 'bytes=0-9' } }),
      to({ method: 'HEAD', path: '/package' }),
      to({ path: '/repository.git/info/refs?service=git-upload-pack', headers: { 'git-protocol': 'version=2' } }),
      to({
        method: 'POST',
        path: '/repository.git/git-upload-pack',
        headers: { 'content-type': 'application/x-git-upload-pack-request' },
        body: '0014command=ls-refs\n0000',
      }),
    ];
    const [said = ''] = await obedientVisit({ internet, network, commands: [asking(reading)], signal });
    const [first, , , last] = internet.visits;
    const whole = first?.headers['range'] === 'bytes=0-9' && last?.body === '0014command=ls-refs\n0000';
    return internet.visits.length === 4 && whole
      ? passed('packages are fetched, and repositories cloned')
      : hindered(said);
  },
};
