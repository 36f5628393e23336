import picocolors from 'picocolors';

/** The few looks that we use. Without colour each returns its text as it is. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly busy: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

export function createPaint(mode: 'auto' | 'always' | 'never', isTerminal: boolean): Paint {
  const colors = picocolors.createColors(mode === 'always' || (mode === 'auto' && isTerminal));
  return {
    good: colors.green,
    bad: colors.red,
    warn: colors.yellow,
    busy: colors.cyan,
    faint: colors.dim,
    strong: colors.bold,
  };
}
