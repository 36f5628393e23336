import { globSync, readFileSync } from 'node:fs';

const literal = /['"`]((?:GET|POST|PUT|PATCH|DELETE) \/[^'"`\s]*)['"`]/g;

/** Operations of GitHub that our own sources name, wherever they call its API; the stand-in's own are not counted. */
export function operationsOfClient(root: string): string[] {
  const files = globSync(['src/**/*.ts', 'actions/*/*.ts'], {
    cwd: root,
    exclude: (name) => String(name).includes('embedded'),
  });
  const found = files.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    return [...text.matchAll(literal)].map((match) => match[1] ?? '');
  });
  // The coordinator's own API lies under /v1.
  return [...new Set(found.filter((operation) => !operation.includes(' /v1/')))].sort();
}

/** `GET /a/{x}`: parameters by their place, so that their names do not matter. */
export function shapeOf(operation: string): string {
  return operation.replaceAll(/\{\w+\}/g, '{}');
}
