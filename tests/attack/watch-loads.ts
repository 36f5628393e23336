/**
 * Loaded before everything else (`node --import …/watch-loads.ts`): appends the name of each source file of ours that is loaded
 * to the file that ENTROPY_LOADED_FILES names. What an attack never loads cannot change how it ends.
 */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const root = new URL('../../src/', import.meta.url).href;
const into = process.env['ENTROPY_LOADED_FILES'];
if (into !== undefined && into !== '') {
  registerHooks({
    load: (url, context, next) => {
      if (url.startsWith(root)) appendFileSync(into, `src/${url.slice(root.length)}\n`);
      return next(url, context);
    },
  });
}
