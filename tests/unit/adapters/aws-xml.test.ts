import fc from 'fast-check';
import { expect, test } from 'vitest';
import { membersOf, parseXml, textOf } from '../../../src/adapters/aws/xml.ts';

test('reads lists, texts, entities and empty elements as AWS writes them', () => {
  const root = parseXml(
    '<?xml version="1.0"?>\n<R xmlns="http://x/"><Stacks><member><A>1 &lt; 2 &amp;&#65;&#x42;</A><B/></member><member/></Stacks></R>\n',
  );
  const members = root === undefined ? [] : membersOf(root, 'Stacks');
  expect(members).toHaveLength(2);
  expect(members[0] && textOf(members[0], 'A')).toBe('1 < 2 &AB');
  expect(members[0] && textOf(members[0], 'B')).toBe('');
  expect(members[1] && textOf(members[1], 'A')).toBeUndefined();
});

test.for([
  '',
  'no xml',
  '<a>',
  '<a></b>',
  '</a>',
  '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>',
  '<a><b></a></b>',
  '<1/>',
])('what is no XML of AWS is nothing: %s', (text) => {
  expect(parseXml(text)).toBeUndefined();
});

test('survives whatever comes, and neither depth nor length makes it slow', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '&', ';', '#', ' ', '!', '?'), maxLength: 400 }),
      (text) => {
        parseXml(text);
      },
    ),
  );
  expect(parseXml('<a>'.repeat(100_000))).toBeUndefined();
  expect(parseXml(`<a>${'&amp;'.repeat(100_000)}</a>`)?.text).toHaveLength(100_000);
});
