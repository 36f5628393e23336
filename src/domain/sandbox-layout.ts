import type { SandboxNetwork } from './sandbox-network.ts';

/** One thing that is put into the sandbox's file system. `source` is a real path on the machine. */
export type SandboxMount =
  | {
      readonly kind: 'read-only' | 'writable';
      readonly type: 'directory' | 'file';
      readonly source: string;
      readonly target: string;
    }
  | { readonly kind: 'link'; readonly to: string; readonly target: string };

/** Where the workspace, what it is compared with, the home and the user are inside; the same on every rung that has namespaces. */
export const inside = {
  workspace: '/ws',
  base: '/base',
  home: '/home/agent',
  user: 'agent',
  uid: 1000,
  gid: 1000,
} as const;

/** On a machine with a merged `/usr` these are symlinks, elsewhere folders. */
export const rootFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'] as const;

/** Bound whole, where they exist. */
export const wholeFolders = ['/usr', '/opt/hostedtoolcache', '/nix/store'] as const;

/**
 * What programs need of `/etc`: where libraries, certificates, alternatives and time zones are. Not among them: users,
 * hosts and names (generated), private keys (`/etc/ssl/private`), and the system's own npmrc, gitconfig and pip.conf.
 */
export const etcPaths = `alternatives ssl/certs ssl/openssl.cnf ca-certificates/extracted pki/tls/certs pki/tls/cert.pem
  pki/tls/openssl.cnf pki/ca-trust crypto-policies ld.so.cache localtime timezone mime.types protocols services os-release
  debian_version redhat-release alpine-release fonts php R java java-8-openjdk java-11-openjdk java-17-openjdk
  java-21-openjdk java-25-openjdk maven/m2.conf maven/logging`.split(/\s+/);

/**
 * Parts of `/proc` that root may change the machine through, or that name its processes. A new user namespace does not
 * take that away from a process whose user is root on the machine: `/proc/sys/kernel/core_pattern` alone is a way out.
 */
export const guardedProc = {
  readOnly: ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'acpi', 'scsi', 'driver'],
  hidden: ['kcore', 'timer_list', 'sched_debug'],
} as const;

/** Files of `/etc` that tell who and where: generated, so that nothing of the machine's users and network is shown. */
export function generatedEtc(network: SandboxNetwork): Readonly<Record<string, string>> {
  const { user, uid, gid, home } = inside;
  const offline = { hosts: '127.0.0.1 localhost sandbox\n::1 localhost ip6-localhost\n' };
  return {
    passwd: `root:x:0:0:root:/root:/bin/sh\n${user}:x:${uid}:${gid}:${user}:${home}:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
    group: `root:x:0:\n${user}:x:${gid}:\nnogroup:x:65534:\n`,
    hostname: 'sandbox\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
    ...(network.kind === 'open' ? {} : offline),
  };
}

/** What every command finds in its environment before the caller's own variables are laid over it. */
export function baseEnvironment(path: string): Readonly<Record<string, string>> {
  return {
    PATH: path,
    HOME: inside.home,
    USER: inside.user,
    LOGNAME: inside.user,
    SHELL: '/bin/sh',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
  };
}

/** Tells commands where the base is, on every rung. */
export const baseVariable = 'BASE';

/** Files that log-in actions of other vendors leave in a workspace: credentials, whatever the repository says. */
export function isCredentialFile(name: string): boolean {
  return /^gha-creds-[A-Za-z0-9]+\.json$/.test(name);
}

/** Bytes of the file systems in memory: as many as may be in `/tmp` and in a home of the sandbox's own, each. */
export function memorySizes({ tmpBytes }: { readonly tmpBytes: number }) {
  return { tmp: tmpBytes, home: tmpBytes, shm: Math.ceil(tmpBytes / 4), root: 1024 ** 2 } as const;
}
