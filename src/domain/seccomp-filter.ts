/**
 * A system call filter for the commands, as the kernel reads it: an array of 8-byte classic BPF instructions
 * (`struct sock_filter`). Namespaces leave a few doors that have nothing to do with files, processes or addresses:
 * the key rings of the user, virtual sockets to the hypervisor, and large parts of the kernel that no build needs.
 * Refused calls fail as on a kernel that lacks them, which programs know how to live with.
 */
export function seccompFilter(arch: string, reach: Reach = 'commands'): Uint8Array {
  const machine = machines[arch];
  return machine === undefined ? encode([give(actions.allow)]) : encode(filterFor(machine, reach));
}

/**
 * `files`: where no namespace stands between a process and the others, what reaches them is refused here: sockets of all
 * kinds, signals, tracing, shared memory, and changing modes, owners and attributes by path, which Landlock does not see.
 */
export type Reach = 'commands' | 'files';

/** Whether the numbers of this machine type are known; elsewhere the filter lets everything pass. */
export function knowsMachine(arch: string): boolean {
  return machines[arch] !== undefined;
}

interface Machine {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  /** Numbers from here on belong to another calling convention (x32); none where there is none. */
  readonly foreignFrom?: number;
  readonly refused: readonly number[];
  /** Where only files are to be reached. */
  readonly beyondFiles: readonly number[];
  readonly socket: number;
  readonly clone: number;
  readonly clone3: number;
  readonly utimensat: number;
}

/**
 * `refused`: add_key request_key keyctl · bpf perf_event_open userfaultfd · io_uring · namespaces, mounts · modules, kexec · by handle.
 * `beyondFiles`: ptrace process_vm_* kcmp · kill and its like, pidfd_* · chmod, chown, attributes and times by path · shared
 * memory, queues and semaphores · chroot.
 */
const machines: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    refused: [
      248, 249, 250, 321, 298, 323, 425, 426, 427, 272, 308, 165, 166, 155, 428, 429, 430, 431, 432, 433, 442, 175, 313,
      176, 246, 320, 304,
    ],
    beyondFiles: [
      101, 310, 311, 312, 62, 200, 234, 129, 297, 424, 434, 438, 90, 92, 94, 260, 268, 452, 188, 189, 197, 198, 132,
      235, 261, 29, 30, 64, 68, 240, 161,
    ],
    socket: 41,
    clone: 56,
    clone3: 435,
    utimensat: 280,
  },
  arm64: {
    audit: 0xc00000b7,
    refused: [
      217, 218, 219, 280, 241, 282, 425, 426, 427, 97, 268, 40, 39, 41, 428, 429, 430, 431, 432, 433, 442, 105, 273,
      106, 104, 294, 265,
    ],
    beyondFiles: [
      117, 270, 271, 272, 129, 130, 131, 138, 240, 424, 434, 438, 54, 53, 452, 5, 6, 14, 15, 194, 196, 190, 186, 180,
      51,
    ],
    socket: 198,
    clone: 220,
    clone3: 435,
    utimensat: 88,
  },
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what programs that talk to themselves use. */
const allowedFamilies = [1, 2, 10, 16];
const cloneNewUser = 0x10000000;

const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;
const actions = {
  allow: 0x7fff0000,
  refuse: (code: number): number => 0x00050000 | code,
} as const;

interface Instruction {
  readonly code: number;
  readonly k: number;
  readonly whenTrue?: number;
  readonly whenFalse?: number;
}

// Offsets in struct seccomp_data: nr, arch, the low half of the first argument, both halves of the second (little-endian).
const load = (offset: 0 | 4 | 16 | 24 | 28): Instruction => ({ code: 0x20, k: offset });
const give = (action: number): Instruction => ({ code: 0x06, k: action });
const ifEqual = (k: number, whenTrue: number, whenFalse: number): Instruction => ({
  code: 0x15,
  k,
  whenTrue,
  whenFalse,
});
const ifAtLeast = (k: number, whenTrue: number, whenFalse: number): Instruction => ({
  code: 0x35,
  k,
  whenTrue,
  whenFalse,
});
const ifAnyBit = (k: number, whenTrue: number, whenFalse: number): Instruction => ({
  code: 0x45,
  k,
  whenTrue,
  whenFalse,
});

function filterFor(machine: Machine, reach: Reach): readonly Instruction[] {
  const refused = [...machine.refused, ...(reach === 'files' ? machine.beyondFiles : [])];
  const families = reach === 'files' ? [] : allowedFamilies;
  return [
    // A program for another machine type counts its calls differently: it gets none.
    load(4),
    ifEqual(machine.audit, 1, 0),
    give(actions.refuse(errno.ENOSYS)),
    load(0),
    ...(machine.foreignFrom === undefined
      ? []
      : [ifAtLeast(machine.foreignFrom, 0, 1), give(actions.refuse(errno.ENOSYS))]),
    ...refused.flatMap((call) => [ifEqual(call, 0, 1), give(actions.refuse(errno.EPERM))]),
    ...(reach === 'files' ? noTimesByPath(machine) : []),
    // Its flags are behind a pointer, out of a filter's sight; C libraries and Go then use clone.
    ifEqual(machine.clone3, 0, 1),
    give(actions.refuse(errno.ENOSYS)),
    ifEqual(machine.clone, 0, 4),
    load(16),
    ifAnyBit(cloneNewUser, 0, 1),
    give(actions.refuse(errno.EPERM)),
    give(actions.allow),
    ifEqual(machine.socket, 0, families.length + 2),
    load(16),
    ...families.map((family, index) => ifEqual(family, families.length - index, 0)),
    give(actions.refuse(errno.EAFNOSUPPORT)),
    give(actions.allow),
  ];
}

/** Times of what was opened may be set, as copying does; the second argument is then no path. */
function noTimesByPath({ utimensat }: Machine): readonly Instruction[] {
  return [
    ifEqual(utimensat, 0, 6),
    load(24),
    ifEqual(0, 0, 2),
    load(28),
    ifEqual(0, 1, 0),
    give(actions.refuse(errno.EPERM)),
    give(actions.allow),
  ];
}

function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, k, whenTrue = 0, whenFalse = 0 }] of instructions.entries()) {
    const at = index * 8;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, whenTrue);
    view.setUint8(at + 3, whenFalse);
    view.setUint32(at + 4, k >>> 0, true);
  }
  return bytes;
}
