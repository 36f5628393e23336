import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyAddress } from '../../../../src/domain/egress/address-class.ts';

describe('what an address is', () => {
  it.each([
    ['93.184.215.14', 'public'],
    ['172.32.0.1', 'public'],
    ['100.128.0.1', 'public'],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'public'],
    ['64:ff9b::5db8:d70e', 'public'],
    ['127.255.255.254', 'this machine'],
    ['0.1.2.3', 'this machine'],
    ['::1', 'this machine'],
    ['::ffff:93.184.215.14', 'this machine'],
    ['10.255.255.255', 'private'],
    ['172.16.0.0', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['168.63.129.16', 'metadata'],
    ['240.0.0.1', 'reserved'],
    ['2002:7f00:1::1', 'reserved'],
    ['fe80::1%eth0', 'no address'],
    ['127.1', 'no address'],
    ['0x7f.0.0.1', 'no address'],
    ['127.0.0.1.', 'no address'],
    ['010.0.0.1', 'no address'],
    ['', 'no address'],
    ['1::2::3', 'no address'],
    ['registry.example', 'no address'],
  ])('%s is %s', (address, is) => expect(classifyAddress(address)).toBe(is));

  it('is public only outside of the ranges that a second list names, for all of IPv4', () => {
    const list = new BlockList();
    for (const range of [
      '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.88.99.0/24',
      '192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32',
    ].flatMap((line) => line.split(' '))) {
      const [first = '', bits] = range.split('/');
      list.addSubnet(first, Number(bits), 'ipv4');
    }
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(classifyAddress(address) === 'public').toBe(!list.check(address, 'ipv4'));
      }),
      { numRuns: 1000 },
    );
  });

  it('never takes an IPv6 address outside of the global range for public, however it is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const is = classifyAddress(address);
        expect(is === 'no address').toBe(isIP(address) === 0);
        const [canonical = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':');
        const global = /^[23][0-9a-f]{3}$/.test(canonical) || /^64$/.test(canonical);
        if (is === 'public') expect(global).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
