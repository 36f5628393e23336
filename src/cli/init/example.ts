import type { ExampleWorkflow } from '../../runtime/examples.ts';
import { usage } from '../usage-error.ts';
import type { WantedFile } from './place-files.ts';

/** The file of an example; a name that is none is answered with all that there are. */
export function exampleFile(examples: readonly ExampleWorkflow[], name: string): WantedFile {
  const found = examples.find((example) => example.name === name);
  if (found !== undefined) return { path: `.github/workflows/${name}.yml`, content: found.text };
  const list = examples.map((example) => `  ${example.name}: ${example.does}`).join('\n');
  throw usage(`there is no example "${name.slice(0, 80)}"`, `choose one of these:\n${list}`);
}
