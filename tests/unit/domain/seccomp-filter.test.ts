import { describe, expect, it } from 'vitest';
import { seccompFilter } from '../../../src/domain/seccomp-filter.ts';

/** Runs the filter as the kernel would, on one call; only the instructions that it uses. */
function verdict(filter: Uint8Array, call: { arch: number; number: number; first?: number }): number {
  return run(new DataView(filter.buffer), { 0: call.number, 4: call.arch, 16: call.first ?? 0 });
}

function run(view: DataView, data: Readonly<Record<number, number>>): number {
  let loaded = 0;
  for (let at = 0; at * 8 < view.byteLength; at += 1) {
    const [code, yes, no, k] = [
      view.getUint16(at * 8, true),
      view.getUint8(at * 8 + 2),
      view.getUint8(at * 8 + 3),
      view.getUint32(at * 8 + 4, true),
    ];
    if (code === 0x20) loaded = data[k] ?? Number.NaN;
    else if (code === 0x06) return k;
    else if (code === 0x15) at += loaded === k ? yes : no;
    else if (code === 0x35) at += loaded >= k ? yes : no;
    else if (code === 0x45) at += (loaded & k) !== 0 ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('the filter ran off its end');
}

const allow = 0x7fff0000;
const refuse = (errno: number): number => 0x50000 | errno;

describe.each([
  { name: 'x64', arch: 0xc000003e, read: 0, keyctl: 250, unshare: 272, socket: 41, clone: 56, clone3: 435, mount: 165 },
  {
    name: 'arm64',
    arch: 0xc00000b7,
    read: 63,
    keyctl: 219,
    unshare: 97,
    socket: 198,
    clone: 220,
    clone3: 435,
    mount: 40,
  },
])('the system call filter on $name', ({ name, arch, ...calls }) => {
  const filter = seccompFilter(name);
  const judge = (number: number, first?: number) =>
    verdict(filter, { arch, number, ...(first === undefined ? {} : { first }) });

  it('lets ordinary calls through', () => {
    for (let number = 0; number < 30; number += 1) if (number !== 39) expect(judge(number)).toBe(allow);
    expect(judge(calls.read)).toBe(allow);
  });

  it('refuses key rings, mounts and namespaces', () => {
    for (const number of [calls.keyctl, calls.mount, calls.unshare]) expect(judge(number)).toBe(refuse(1));
    expect(judge(calls.clone, 0x10000000)).toBe(refuse(1));
    expect(judge(calls.clone, 0x11)).toBe(allow);
    expect(judge(calls.clone3)).toBe(refuse(38));
  });

  it('makes sockets of the four families that programs use among themselves, and no others', () => {
    for (const family of [1, 2, 10, 16]) expect(judge(calls.socket, family)).toBe(allow);
    for (const family of [0, 3, 17, 31, 38, 40]) expect(judge(calls.socket, family)).toBe(refuse(97));
  });

  it('refuses every call that is counted for another machine', () => {
    expect(verdict(filter, { arch: 0x40000003, number: calls.read })).toBe(refuse(38));
    if (name === 'x64') expect(judge(0x40000000)).toBe(refuse(38));
  });
});

it('lets everything through on a machine whose numbers are not known', () => {
  expect(verdict(seccompFilter('riscv64'), { arch: 1, number: 250 })).toBe(allow);
});

describe('the filter for file tools', () => {
  const arch = 0xc000003e;
  const filter = seccompFilter('x64', 'files');
  const judge = (number: number, more: { readonly first?: number } = {}) => verdict(filter, { arch, number, ...more });

  it('makes no socket at all', () => {
    for (const family of [1, 2, 10, 16, 40]) expect(judge(41, { first: family })).toBe(refuse(97));
  });

  it('refuses signals, tracing, shared memory and changing modes by path', () => {
    for (const number of [62, 200, 234, 101, 310, 29, 90, 92, 268, 452]) expect(judge(number)).toBe(refuse(1));
    for (const number of [0, 1, 3, 56, 59, 257, 91, 93]) expect(judge(number, { first: 0 })).toBe(allow);
  });

  it('lets times be set of what was opened, and of no path', () => {
    const withPath = (low: number, high: number) => {
      const view = new DataView(filter.buffer);
      const data: Record<number, number> = { 0: 280, 4: arch, 16: 5, 24: low, 28: high };
      return run(view, data);
    };
    expect(withPath(0, 0)).toBe(allow);
    expect(withPath(0x1000, 0)).toBe(refuse(1));
    expect(withPath(0, 0x7fff)).toBe(refuse(1));
  });
});
