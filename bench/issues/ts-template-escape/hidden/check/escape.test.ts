import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../src/render.ts';

test('both quotes are escaped', () => {
  const out = render('<input value="{{name}}" title=\'{{name}}\'>', { name: `O"N'` });
  assert.doesNotMatch(out, /O"N|N''/);
  assert.match(out, /O(?:&quot;|&#34;|&#x22;)N(?:&#39;|&#x27;|&apos;)/);
});
test('blanks do not matter', () => assert.equal(render('{{ x }}|{{x }}|{{{ x }}}', { x: '<' }), '&lt;|&lt;|<'));
test('an ampersand is escaped once', () => assert.equal(render('{{x}}', { x: 'Tom & Jerry' }), 'Tom &amp; Jerry'));
test('what looks escaped is text too', () => assert.equal(render('{{x}}', { x: '&lt;&amp;' }), '&amp;lt;&amp;amp;'));
test('what is missing is empty, and 0 is not', () => assert.equal(render('[{{a}}{{{a}}}{{ b }}]', { b: 0 }), '[0]'));
test('inherited names are missing', () => assert.equal(render('[{{constructor}}{{toString}}]', {}), '[]'));
test('a value is not a template', () => {
  assert.equal(render('{{{a}}}{{b}}', { a: '{{b}}', b: '<' }), '{{b}}&lt;');
  assert.equal(render('{{a}}', { a: '{{b}}$&', b: 'x' }), '{{b}}$&amp;');
});
