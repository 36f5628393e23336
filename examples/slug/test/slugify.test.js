import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify } from '../src/slugify.js';

test('joins words with a hyphen', () => {
  assert.equal(slugify('Hello big World'), 'hello-big-world');
});

test('drops marks from letters', () => {
  assert.equal(slugify('Crème Brûlée'), 'creme-brulee');
});

test('spells symbols out', () => {
  assert.equal(slugify('salt & pepper @ 50%'), 'salt-and-pepper-at-50-percent');
});

test('joins what an apostrophe divides', () => {
  assert.equal(slugify("don't panic"), 'dont-panic');
});

test('takes another separator', () => {
  assert.equal(slugify('snake case here', { separator: '_' }), 'snake_case_here');
});

test('keeps the case when asked to', () => {
  assert.equal(slugify('README First', { lower: false }), 'README-First');
});

test('never cuts a word in half', () => {
  assert.equal(slugify('one two three', { maxLength: 10 }), 'one-two');
});

test('keeps the last word when the limit falls on a separator', () => {
  assert.equal(slugify('one two three', { maxLength: 7 }), 'one-two');
});

test('cuts a first word that is too long by itself', () => {
  assert.equal(slugify('incomprehensibilities', { maxLength: 6 }), 'incomp');
});
