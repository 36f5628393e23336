import type { Defence } from './defence.ts';

/** The source without the defence. Throws when what is to be replaced is not there exactly once. */
export function planted({ id, file, find, replace }: Defence, source: string): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`the defence "${id}" is switched off at a text that ${file} holds ${places} times`);
  return source.replace(find, () => replace);
}
