/**
 * Loaded before everything else (`node --import …/planted-hole.ts`): plants the hole that ENTROPY_PLANTED_HOLE names, by replacing
 * one piece of one source file as it is loaded. A piece that is not there exactly once, or never loaded, is a fault of the
 * test: a defence that was moved must not look as if nobody needed it.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { allDefences } from './defences/all.ts';
import { planted } from './defences/plant.ts';

const root = new URL('../../', import.meta.url);
const id = process.env['ENTROPY_PLANTED_HOLE'];
if (id !== undefined && id !== '') {
  const defence = allDefences.find((candidate) => candidate.id === id);
  if (defence === undefined) throw new Error(`no defence is named "${id}"`);
  const target = new URL(defence.file, root).href;
  const source = planted(defence, readFileSync(fileURLToPath(target), 'utf8'));
  registerHooks({
    load: (url, context, next) => (url === target ? { ...next(url, context), source } : next(url, context)),
  });
}
