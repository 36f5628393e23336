/**
 * Makes docs/images/run.svg, the picture of a run in the README, from what `npm start` really prints:
 * `node scripts/run-picture.ts` runs it on the sample and draws its terminal output.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const escapeCharacter = String.fromCharCode(27);
const anyStyle = new RegExp(`(${escapeCharacter}\\[[0-9;]*m)`);
const columns = 88;
const cell = { width: 8.4, height: 19 };
const margin = 24;
const look: Readonly<Record<string, string>> = {
  '1': 'font-weight="600" fill="#f0f3f6"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff7b72"',
  '32': 'fill="#56d364"',
  '33': 'fill="#e3b341"',
  '36': 'fill="#76e3ea"',
};

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One line of terminal output as spans; each style holds until a sequence that ends it. */
function spans(line: string): string {
  let style = '';
  let column = 0;
  return line
    .split(anyStyle)
    .map((part) => {
      const code = part.startsWith(escapeCharacter) ? part.slice(2, -1) : undefined;
      if (code !== undefined) {
        style = look[code] ?? '';
        return '';
      }
      if (part.trim() === '') {
        column += part.length;
        return '';
      }
      const x = (margin + column * cell.width).toFixed(1);
      column += part.length;
      return `<tspan x="${x}" ${style} xml:space="preserve">${escapeXml(part)}</tspan>`;
    })
    .join('');
}

const run = spawnSync('node', ['src/cli/main.ts', 'start'], {
  env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(columns), CI: '', ANTHROPIC_API_KEY: '' },
});
if (run.status !== 0) throw new Error(`npm start ended with ${run.status}: ${run.stderr.toString()}`);
const output = `  $ npm start\n\n${run.stderr.toString()}${run.stdout.toString()}`;
// A run's id and paths of this machine are nobody's business, and would change with every picture.
const lines = output.split('\n').filter((line) => !/^ {2}(patch|replay) /.test(stripVTControlCharacters(line)));
while (lines.at(-1)?.trim() === '') lines.pop();
const plain = lines.map((line) => stripVTControlCharacters(line));
const longest = Math.max(columns, ...plain.map((line) => line.length));
const width = Math.round(longest * cell.width + 2 * margin);
const height = Math.round((lines.length + 1) * cell.height + 2 * margin);
const rows = lines.map((line, index) => `<text y="${margin + (index + 1) * cell.height}">${spans(line)}</text>`);
const font = `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"`;
writeFileSync(
  'docs/images/run.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Terminal output of npm start">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g ${font} fill="#c9d1d9">
${rows.join('\n')}
</g>
</svg>
`,
);
