import { parseProxyTarget } from '../../../../src/domain/egress/proxy-target.ts';
import { networkEntryProblem } from '../../../../src/domain/network-choice.ts';
import { fakeInternet, saying } from '../../../fakes/egress-world.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { asking, obedientVisit } from './obedient-visit.ts';

/** Loopback and the metadata service in every notation that some program reads. */
const addresses = [
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '127.1',
  '0177.0.0.1',
  '127.0.0.1',
  '127.0.0.1.',
  '0',
  '169.254.169.254',
  '2852039166',
  '[::1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[fe80::1%25eth0]',
  '::1',
] as const;

export const addressesForNames: Attack = {
  id: 'X3',
  title: 'an address is asked for as a number, in hexadecimal, or mapped into IPv6',
  attack: async (signal) => {
    await using internet = await fakeInternet({ 'packages.example': saying('package') });
    // As careless a list as can be: the addresses themselves are on it.
    const hosts = ['packages.example', ...addresses];
    const network = { kind: 'allowed', hosts, services: [] } as const;
    const questions = addresses.map((address) => ({
      authority: `${address}:443`,
      host: address,
      sni: 'packages.example',
    }));
    const [said = ''] = await obedientVisit({ internet, network, commands: [asking(questions)], signal });
    if (internet.dialled.length > 0 || internet.resolved.length > 0 || /^"200/m.test(said)) return escaped(said);
    const read = addresses.filter((address) => parseProxyTarget(`${address}:443`).kind === 'target');
    if (read.length > 0) return escaped(`read as names: ${read.join(', ')}`);
    const listed = addresses.filter((address) => networkEntryProblem(address) === undefined);
    return listed.length > 0
      ? escaped(`may be listed: ${listed.join(', ')}`)
      : contained('only names, never addresses');
  },
  twin: async (signal) => {
    const names = ['3scale.example', '0x7f.example', '127.0.0.1.example'];
    await using internet = await fakeInternet(Object.fromEntries(names.map((name) => [name, saying('package')])));
    const network = { kind: 'allowed', hosts: names, services: [] } as const;
    const commands = [asking(names.map((name) => ({ authority: `${name}:443` })))];
    const [said = ''] = await obedientVisit({ internet, network, commands, signal });
    return internet.visits.length === names.length ? passed('names with digits in them are names') : hindered(said);
  },
};
