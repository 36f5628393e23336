import { descendantsOf } from '../../e2e/process-tree.ts';
import { longCommand } from './long-script.ts';

/** In its sandbox nothing of it names a folder of ours, so it is looked for among all processes. */
export function isAtCommand(): boolean {
  return descendantsOf(1).some(({ command }) => command === longCommand);
}
