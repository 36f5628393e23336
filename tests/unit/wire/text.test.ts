import { describe, expect, it } from 'vitest';
import { claimKey, id } from '../../../src/wire/text.ts';

describe('names in an address', () => {
  it('are never dots alone, which every client takes for the folder itself or the one above', () => {
    for (const dots of ['.', '..', '...']) {
      expect(id.safeParse(dots).success, dots).toBe(false);
      expect(claimKey.safeParse(`github/${dots}/x`).success, dots).toBe(false);
    }
    for (const name of ['coder/01JD', '.hidden', '..a', 'a..', 'run-1.2'])
      expect(id.safeParse(name).success, name).toBe(true);
  });
});
