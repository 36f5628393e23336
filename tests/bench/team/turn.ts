/** One reply of a scripted model: the tools that it calls. */
export type Turn = readonly (readonly [tool: string, input: Readonly<Record<string, unknown>>])[];

/** What the story's coder works on. */
export const changedFile = 'src/slugify.js';
