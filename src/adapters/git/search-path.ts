import { realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * PATH without the folders that somebody in the workspace can put programs into: those in it, whatever link leads
 * there, and those that are relative to wherever a program is started. A `git` found there would run outside of the
 * sandbox.
 */
export async function searchPathOutside(searchPath: string, workspace: string): Promise<string> {
  const root = await real(workspace);
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const places = await Promise.all(folders.map(real));
  const outside = folders.filter((_folder, at) => !isWithin(places[at] ?? '', root));
  return outside.join(path.delimiter);
}

async function real(folder: string): Promise<string> {
  return realpath(folder).catch(() => path.resolve(folder));
}

function isWithin(place: string, root: string): boolean {
  return place === root || place.startsWith(`${root}${path.sep}`);
}
