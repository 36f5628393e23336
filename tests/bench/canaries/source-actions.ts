import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A folder as our package's, whose actions run from their sources instead of their bundles, without one of the defences: so
 * that the whole pipeline can be seen to leak.
 */
export function actionsWithHole(folder: string, hole: string): string {
  for (const name of ['gate', 'agent', 'publish', 'coder', 'setup-sandbox']) {
    const target = path.join(folder, 'actions', name);
    mkdirSync(path.join(target, 'dist'), { recursive: true });
    cpSync(path.join(root, 'actions', name, 'action.yml'), path.join(target, 'action.yml'));
    if (name === 'setup-sandbox') continue;
    writeFileSync(path.join(target, 'dist', 'package.json'), '{ "type": "module" }\n');
    const main = JSON.stringify(path.join(root, 'actions', name, 'main.ts'));
    const planted = JSON.stringify(path.join(root, 'tests/attack/planted-hole.ts'));
    const stub = `process.env.ENTROPY_PLANTED_HOLE = ${JSON.stringify(hole)};\nawait import(${planted});\nawait import(${main});\n`;
    writeFileSync(path.join(target, 'dist', 'index.js'), stub);
    const post = "process.argv.splice(2, 0, 'post');\nawait import('./index.js');\n";
    writeFileSync(path.join(target, 'dist', 'post.js'), post);
  }
  cpSync(path.join(root, '.github', 'workflows'), path.join(folder, '.github', 'workflows'), { recursive: true });
  return folder;
}
