import { describe, expect, it } from 'vitest';
import { compareVersions, majorTag, releasedVersions } from '../../../../scripts/release/versions.ts';

describe('versions that are released', () => {
  it('are three numbers and nothing else', () => {
    expect(majorTag('12.0.3')).toBe('v12');
    for (const version of ['1.0', '1.0.0-rc.1', '01.0.0', '1.0.0\n', 'v1.0.0', '1.0.0 x', ''])
      expect(() => majorTag(version)).toThrow('is no version that can be released');
  });

  it('are ordered by their numbers, and tags of other kinds are none', () => {
    const tags = ['v1.9.0', 'v1', 'source/v3.0.0', 'v1.10.0', 'v2.0.0-rc.1', 'x', 'v0.0.9'];
    expect(releasedVersions(tags)).toEqual(['1.10.0', '1.9.0', '0.0.9']);
    expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
  });
});
