import fc from 'fast-check';
import { expect, it } from 'vitest';
import { marker, parseMarkers } from '../../../src/domain/markers.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

const sample = { issue: 42, fence: 7, run: '01JD0000000000000000000000', op: 'tracking' };

it('is an HTML comment that says what the text is', () => {
  expect(marker(sample)).toBe('<!-- entropy:issue=42 fence=7 run=01JD0000000000000000000000 op=tracking -->');
});

it('comes back out of any text that it is put into', () => {
  const values = fc.record({
    issue: fc.integer({ min: 1, max: 9_999_999 }),
    fence: fc.nat(),
    run: fc.stringMatching(/^[0-9A-Z]{1,26}$/),
    op: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
  });
  const property = fc.property(fc.string(), fc.array(values, { maxLength: 3 }), fc.string(), (before, list, after) => {
    expect(parseMarkers(`${before}\n${list.map(marker).join(after)}`)).toEqual(list);
  });
  fc.assert(property);
});

it.each([
  '<!-- entropy:issue=0 fence=7 run=X op=tracking -->',
  '<!-- entropy:issue=042 fence=7 run=X op=tracking -->',
  '<!-- entropy:issue=1e3 fence=7 run=X op=tracking -->',
  '<!-- entropy:issue=42 fence=-1 run=X op=tracking -->',
  '<!-- entropy:issue=42 fence=7 run= op=tracking -->',
  '<!-- entropy:issue=42 fence=7 run=X op=Tracking -->',
  '<!-- entropy:issue=42 fence=7 run=X op=a op=b -->',
  '<!-- entropy:fence=7 issue=42 run=X op=tracking -->',
  '<!-- entropy:issue=42 fence=7 run=X\nop=tracking -->',
  '<!-- entropy:issue=42 fence=7 run=X op=tracking',
  '< !-- entropy:issue=42 fence=7 run=X op=tracking -->',
])('does not read %j', (text) => {
  expect(parseMarkers(text)).toEqual([]);
});

it('is not written with values that would not be read', () => {
  for (const bad of [{ issue: 0 }, { fence: 1.5 }, { run: 'a b' }, { op: '--> x' }, { run: 'a-->' }])
    expect(() => marker({ ...sample, ...bad })).toThrow(RangeError);
});

it('reads a flood of openings in linear time', () => {
  const started = cpuMs();
  expect(parseMarkers('<!-- entropy:'.repeat(200_000))).toEqual([]);
  expect(parseMarkers('<!--'.repeat(500_000))).toEqual([]);
  expect(cpuMs() - started).toBeLessThan(2_000);
});
