import { expect, test } from 'vitest';
import { closedNumbers } from '../../../../src/embedded/github/pulls/closing-keywords.ts';

test.each([
  ['Closes #1', [1]],
  ['fixes #2 and Resolved: #3, closed #2', [2, 3]],
  ['prefix #4, closest #5, closes#6, closes other/repo#7, discloses #8', []],
  ['Close #9.', [9]],
])('%j closes %j', (text, numbers) => {
  expect(closedNumbers(text)).toEqual(numbers);
});
