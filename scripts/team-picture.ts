/** Draws docs/images/team.svg, the picture of docs/team.md, from the table of stages: `node scripts/team-picture.ts`; `--check` fails on drift. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Stage, stages } from '../src/domain/stages/stage.ts';
import { type StageMove, stageTable } from '../src/domain/stages/stage-table.ts';

const file = 'docs/images/team.svg';
const box = { width: 104, height: 66, gap: 16, top: 96 } as const;
const left = 14;
const width = left * 2 + stages.length * box.width + (stages.length - 1) * box.gap;
const height = 356;

/** A stage that no run does is a person's turn, or the end. */
const look = {
  run: { fill: '#ddf4ff', stroke: '#0969da' },
  person: { fill: '#fff8c5', stroke: '#9a6700' },
  end: { fill: '#dafbe1', stroke: '#1a7f37' },
} as const;

const moveText: Readonly<Record<Exclude<StageMove, 'onwards'>, string>> = {
  'send-back': 'the coder again',
  retry: 'tried again',
  'wait-answer': 'an answer',
  'wait-approval': 'an approval',
  'wait-blockers': 'other issues',
  'wait-person': 'a person',
};

function xOf(stage: Stage): number {
  return left + stages.indexOf(stage) * (box.width + box.gap);
}

function middle(stage: Stage): number {
  return xOf(stage) + box.width / 2;
}

function drawn(stage: Stage): string {
  const { title, role } = stageTable[stage];
  const { fill, stroke } = look[role !== undefined ? 'run' : stage === 'ready' ? 'end' : 'person'];
  const x = xOf(stage);
  return [
    `<rect x="${x}" y="${box.top}" width="${box.width}" height="${box.height}" rx="8" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`,
    `<text x="${x + 10}" y="${box.top + 22}" font-size="14" font-weight="700">${stage}</text>`,
    ...wrapped(title, 15).map(
      (line, at) => `<text x="${x + 10}" y="${box.top + 40 + at * 14}" font-size="11">${line}</text>`,
    ),
    `<text x="${x + 10}" y="${box.top - 8}" font-size="12" font-style="italic">${role ?? ''}</text>`,
  ].join('\n');
}

/** What its run waits for in its other ends, below the box; every run may be tried again, so that is told once. */
function waits(stage: Stage): string {
  const moves = [...new Set(Object.values(stageTable[stage].follows))];
  const others = moves.filter((move) => move.startsWith('wait-')).map((move) => moveText[move as 'wait-person']);
  if (others.length === 0) return '';
  const x = xOf(stage) + 10;
  const y = 268;
  const lines = ['waits for', ...others.map((text) => `· ${text}`)];
  return lines.map((line, at) => `<text x="${x}" y="${y + at * 15}" font-size="11">${line}</text>`).join('\n');
}

/** Those that may send the coder back, each with its own way to `address`. */
function sentBack(): string {
  const from = stages.filter((stage) => Object.values(stageTable[stage].follows).includes('send-back'));
  const y = box.top + box.height;
  const to = middle('address');
  return [...from, 'ready' as const]
    .map((stage, at) => {
      const low = y + 22 + at * 14;
      const end = to - 16 + at * 16;
      return `<path d="M${middle(stage)} ${y} V${low} H${end} V${y + 2}" fill="none" stroke="#cf222e" stroke-width="2" marker-end="url(#tip)"/>`;
    })
    .join('\n');
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function arrow(from: Stage, to: Stage): string {
  const y = box.top + box.height / 2;
  return `<line x1="${xOf(from) + box.width}" y1="${y}" x2="${xOf(to)}" y2="${y}" stroke="#1f2328" stroke-width="2" marker-end="url(#tip)"/>`;
}

/** Over the others: a stage that is not the next one. */
function over(from: Stage, to: Stage, y: number): string {
  const top = box.top - 22;
  return `<path d="M${middle(from)} ${top} V${y} H${middle(to)} V${top}" fill="none" stroke="#1f2328" stroke-width="2" marker-end="url(#tip)"/>`;
}

const along = stages.slice(0, stages.indexOf('review')).map((stage, at) => arrow(stage, stages[at + 1] ?? stage));
const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" fill="#1f2328" role="img" aria-label="The stages of a team: read, plan, approve, code, test, review, address, ready">`,
  '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6" markerHeight="6" orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="context-stroke"/></marker></defs>',
  `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
  ...along,
  over('review', 'ready', 26),
  over('address', 'test', 46),
  `<text x="${middle('review') + 8}" y="20" font-size="12">nothing grave is open</text>`,
  `<text x="${middle('test') + 8}" y="41" font-size="12">looked at again</text>`,
  ...stages.map(drawn),
  sentBack(),
  `<text x="${xOf('test')}" y="${box.top + box.height + 78}" font-size="12" fill="#cf222e">the coder again: at most \u201crounds\u201d times, then a person is asked</text>`,
  ...stages.map(waits),
  '</svg>',
  '',
]
  .filter((line, at, all) => line !== '' || at === all.length - 1)
  .join('\n');

if (!process.argv.includes('--check')) writeFileSync(file, svg);
else if (readFileSync(file, 'utf8') !== svg) {
  console.error(`${file} is not what scripts/team-picture.ts draws`);
  process.exitCode = 1;
}
