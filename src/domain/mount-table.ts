export interface MountEntry {
  readonly mountPoint: string;
  readonly options: readonly string[];
}

/** `/proc/self/mountinfo`: field 5 is the mount point (octal escapes), field 6 the options of this very mount. */
export function parseMountTable(text: string): readonly MountEntry[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const mountPoint = fields[4];
    const options = fields[5];
    return mountPoint === undefined || options === undefined
      ? []
      : [{ mountPoint: unescapeOctal(mountPoint), options: options.split(',') }];
  });
}

/** For an fstab: spaces, tabs, newlines and backslashes as octal. */
export function escapeOctal(path: string): string {
  return path.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Flags that a bind mount of `path` has to repeat: inside a user namespace the kernel refuses a remount that would
 * lose one of them.
 */
export function lockedFlags(table: readonly MountEntry[], path: string): readonly string[] {
  const holder = table
    .filter(({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`))
    // Of two mounts on one point the later is on top.
    .reduce<MountEntry | undefined>(
      (best, entry) => (best === undefined || entry.mountPoint.length >= best.mountPoint.length ? entry : best),
      undefined,
    );
  const lockable = ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime'];
  return (holder?.options ?? []).filter((option) => lockable.includes(option));
}

/** Mount points strictly below `path`: a recursive bind brings them along with their own flags. */
export function mountsBelow(table: readonly MountEntry[], path: string): readonly string[] {
  return [...new Set(table.map(({ mountPoint }) => mountPoint).filter((point) => point.startsWith(`${path}/`)))];
}
