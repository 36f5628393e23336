import type { Forge } from '../ports/forge.ts';

/** Every path that a pull request changes; of a renamed file both names. */
export async function pathsOfPull(forge: Pick<Forge, 'reviews'>, pull: number): Promise<readonly string[]> {
  const { files } = await forge.reviews.files(pull);
  return files.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [path, previousPath]));
}
