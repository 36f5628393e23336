import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

const closeOnExec = 0o2000000;

/**
 * Descriptors above 2 that a child of this process would inherit. Node marks all that it opens itself, but whoever
 * started us may have left others open (runners and shells do), and node only marks the lowest of those.
 */
export function inheritableDescriptors(): readonly number[] {
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // The descriptor of the listing itself: closed by now, so nothing inherits it.
    return false;
  }
}

export interface DescriptorMasks {
  /** From descriptor 3 on. */
  readonly extraDescriptors: readonly (number | 'ignore')[];
  readonly close: () => void;
}

/** `/dev/null` in the place of every descriptor that a child would otherwise inherit (security: S5). */
export function maskDescriptors(): DescriptorMasks {
  const inherited = inheritableDescriptors();
  if (inherited.length === 0) return { extraDescriptors: [], close: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const highest = Math.max(...inherited);
  const extraDescriptors = Array.from({ length: highest - 2 }, (_, index) =>
    inherited.includes(index + 3) ? nothing : 'ignore',
  );
  return { extraDescriptors, close: () => closeSync(nothing) };
}
