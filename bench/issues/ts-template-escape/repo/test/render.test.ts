import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../src/render.ts';

test('text is escaped', () => assert.equal(render('<p>{{name}}</p>', { name: '<b>' }), '<p>&lt;b&gt;</p>'));
test('three braces are for HTML', () => assert.equal(render('{{{html}}}', { html: '<i>x</i>' }), '<i>x</i>'));
test('numbers are text', () => assert.equal(render('{{n}} pages', { n: 12 }), '12 pages'));
