import { describe, expect, it } from 'vitest';
import { canaryCommand, readCanaryReport } from '../../../src/domain/canary-probe.ts';
import { readExitStatus } from '../../../src/domain/exit-status.ts';
import { escapeOctal, lockedFlags, mountsBelow, parseMountTable } from '../../../src/domain/mount-table.ts';
import { describeExceeded, diskReserve, exceededResource } from '../../../src/domain/resource-use.ts';
import { installHint, namespaceHint } from '../../../src/domain/sandbox-fix.ts';

describe('the report of a canary', () => {
  it('is clean only when the probe got to its end', () => {
    expect(readCanaryReport('tried\n')).toEqual([]);
    expect(readCanaryReport('')).toEqual(['the probe did not get to its end']);
    expect(readCanaryReport('leak sudo\ntried\n')).toEqual(['sudo']);
    expect(readCanaryReport('leak sudo\n')).toEqual(['sudo', 'the probe did not get to its end']);
  });

  it('never carries its own token, or the search would find itself', () => {
    const token = 'entropy-canary-0123';
    const command = canaryCommand({ token, files: ['/tmp/x'], port: 1 });
    expect(command.join('\0')).not.toContain(token);
    expect(command.some((word) => new RegExp(word === '[e]ntropy-canary-0123' ? word : '$^').test(token))).toBe(true);
  });
});

describe('an exit status', () => {
  it('is a signal from 130 on where a signal has that number, and a code otherwise', () => {
    expect([0, 1, 127, 129, 137, 139, 200, 255].map(readExitStatus)).toEqual([
      { exitCode: 0, signal: null },
      { exitCode: 1, signal: null },
      { exitCode: 127, signal: null },
      { exitCode: 129, signal: null },
      { exitCode: null, signal: 'SIGKILL' },
      { exitCode: null, signal: 'SIGSEGV' },
      { exitCode: 200, signal: null },
      { exitCode: 255, signal: null },
    ]);
  });
});

describe('the use of the machine', () => {
  const bounds = { maxProcesses: 10, maxMemoryBytes: 100, minFreeDiskBytes: 50 };
  const within = { processes: 10, residentBytes: 100, freeDiskBytes: 50 };

  it('is exceeded above a bound and not on it', () => {
    expect(exceededResource(within, bounds)).toBeUndefined();
    expect(exceededResource({ ...within, processes: 11 }, bounds)).toBe('processes');
    expect(exceededResource({ ...within, residentBytes: 101 }, bounds)).toBe('memory');
    expect(exceededResource({ ...within, freeDiskBytes: 49 }, bounds)).toBe('disk');
  });

  it('leaves 1 GiB of the disk alone, or half of a nearly full one', () => {
    expect(diskReserve(100 * 1024 ** 3)).toBe(1024 ** 3);
    expect(diskReserve(1000)).toBe(500);
  });

  it('is told in words', () => {
    expect((['processes', 'memory', 'disk'] as const).map(describeExceeded).join()).toMatch(/processes.*memory.*disk/);
  });
});

describe('the table of mounts', () => {
  const table = parseMountTable(
    [
      '21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw',
      '22 21 0:20 / /mnt/my\\040disk rw,nosuid,nodev,noatime - ext4 /dev/sdb rw',
      '23 22 0:21 / /mnt/my\\040disk/sub ro,noexec - tmpfs x rw',
      '',
    ].join('\n'),
  );

  it('gives the flags of the mount that a path is on', () => {
    expect(lockedFlags(table, '/usr')).toEqual(['relatime']);
    expect(lockedFlags(table, '/mnt/my disk/a')).toEqual(['nosuid', 'nodev', 'noatime']);
    expect(lockedFlags(table, '/mnt/my disk/sub/b')).toEqual(['ro', 'noexec']);
    expect(lockedFlags(table, '/mnt/my diskette')).toEqual(['relatime']);
  });

  it('lists what is mounted below a path', () => {
    expect(mountsBelow(table, '/mnt/my disk')).toEqual(['/mnt/my disk/sub']);
    expect(mountsBelow(table, '/usr')).toEqual([]);
  });

  it('escapes paths for an fstab as it reads them', () => {
    expect(escapeOctal('/a b\\c#d')).toBe('/a\\040b\\134c\\043d');
  });
});

describe('what to do when no sandbox can be had', () => {
  const packages = { debian: 'bubblewrap', fedora: 'bw-f', arch: 'bw-a', alpine: 'bw-alpine', suse: 'bw-s' };

  it('names the package and the command of the distribution', () => {
    expect(installHint('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', packages)).toContain(
      'apt-get install -y bubblewrap',
    );
    expect(installHint('ID="rocky"\nID_LIKE="rhel centos fedora"\n', packages)).toContain('dnf install -y bw-f');
    expect(installHint('ID=alpine\n', packages)).toBe('apk add bw-alpine');
    expect(installHint('', packages)).toContain('install bubblewrap');
  });

  it('tells from the switches of the kernel what forbids namespaces', () => {
    const off = { apparmorRestricts: false, cloneForbidden: false, noneAllowed: false, inContainer: false };
    expect(namespaceHint({ ...off, apparmorRestricts: true }, 'bwrap')).toContain('/etc/apparmor.d/entropy-bwrap');
    expect(namespaceHint({ ...off, apparmorRestricts: true }, 'bwrap')).toContain(
      'entropy-playground/setup-sandbox@v1',
    );
    expect(namespaceHint({ ...off, cloneForbidden: true }, 'bwrap')).toContain('unprivileged_userns_clone=1');
    expect(namespaceHint({ ...off, noneAllowed: true }, 'bwrap')).toContain('max_user_namespaces');
    expect(namespaceHint({ ...off, inContainer: true }, 'bwrap')).toContain('container');
    expect(namespaceHint(off, 'bwrap')).toContain('ubuntu-24.04');
  });
});
