/** Draws docs/images/trust-boundaries.svg, the picture of docs/threat-model.md: `node scripts/trust-picture.ts`; `--check` fails on drift. */
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'docs/images/trust-boundaries.svg';
const font = 'font-family="system-ui, sans-serif"';

type Tone = 'stranger' | 'room' | 'wall' | 'github';

interface Box {
  readonly at: readonly [x: number, y: number];
  readonly size: readonly [width: number, height: number];
  readonly tone: Tone;
  readonly title: string;
  readonly lines: readonly string[];
}

const look: Readonly<Record<Tone, { readonly fill: string; readonly stroke: string; readonly dash?: string }>> = {
  stranger: { fill: '#fff1e5', stroke: '#bc4c00', dash: '6 4' },
  room: { fill: '#f6f8fa', stroke: '#57606a' },
  wall: { fill: '#ffebe9', stroke: '#cf222e' },
  github: { fill: '#ddf4ff', stroke: '#0969da' },
};

const boxes: readonly Box[] = [
  {
    at: [20, 40],
    size: [190, 300],
    tone: 'stranger',
    title: 'Strangers’ words',
    lines: [
      'issue, comments, labels',
      'code of the repository',
      'its tests and packages',
      'what the model says',
      'webhook bodies',
      '',
      'Read as data. It may',
      'ask for anything.',
    ],
  },
  {
    at: [270, 40],
    size: [200, 110],
    tone: 'room',
    title: 'gate job',
    lines: ['token: comment, claim', 'no model key', 'runs no code, no model'],
  },
  {
    at: [270, 190],
    size: [430, 150],
    tone: 'room',
    title: 'agent job',
    lines: ['token: contents: read', 'broker process: the model', 'key, caps, allowed hosts'],
  },
  {
    at: [475, 205],
    size: [210, 120],
    tone: 'wall',
    title: 'sandbox',
    lines: ['every command and file', 'offline, no credential', 'no process of the outside'],
  },
  {
    at: [500, 40],
    size: [200, 110],
    tone: 'room',
    title: 'publish job',
    lines: ['token: branch, pull request', 'no model key', 'checks files, runs none'],
  },
  {
    at: [760, 40],
    size: [180, 110],
    tone: 'github',
    title: 'GitHub',
    lines: ['who may do what', 'draft pull request', 'your CI, your merge'],
  },
  {
    at: [760, 190],
    size: [180, 150],
    tone: 'github',
    title: 'AWS (optional)',
    lines: ['webhook: one secret,', 'one queue', 'dispatcher: App key in', 'KMS, short tokens', 'coordinator: OIDC'],
  },
];

/** From, to, and what passes the boundary. */
const arrows: readonly (readonly [number, number, number, number, string, number, number])[] = [
  [210, 95, 270, 95, 'event', 222, 87],
  [370, 150, 370, 190, 'task.json, bound to its hash', 380, 174],
  [600, 190, 600, 150, 'manifest of files', 610, 174],
  [700, 95, 760, 95, 'writes', 710, 87],
  [210, 265, 270, 265, 'code', 224, 257],
];

function drawn({ at: [x, y], size: [width, height], tone, title, lines }: Box): string {
  const { fill, stroke, dash } = look[tone];
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  const text = lines.map(
    (line, index) => `<text x="${x + 12}" y="${y + 46 + index * 19}" font-size="13">${line}</text>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="${stroke}" stroke-width="2"${dashed}/>`,
    `<text x="${x + 12}" y="${y + 25}" font-size="15" font-weight="700">${title}</text>`,
    ...text,
  ].join('\n');
}

const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 370" ${font} fill="#1f2328" role="img" aria-label="Who holds what: gate, agent and publish jobs never share a secret; every command runs in a sandbox without network">`,
  '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="#1f2328"/></marker></defs>',
  '<rect width="960" height="370" fill="#ffffff"/>',
  ...boxes.map(drawn),
  ...arrows.map(
    ([x1, y1, x2, y2, label, x, y]) =>
      `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#1f2328" stroke-width="2" marker-end="url(#tip)"/>\n<text x="${x}" y="${y}" font-size="12" font-style="italic">${label}</text>`,
  ),
  '</svg>',
  '',
].join('\n');

if (!process.argv.includes('--check')) writeFileSync(file, svg);
else if (readFileSync(file, 'utf8') !== svg) {
  console.error(`${file} is not what scripts/trust-picture.ts draws`);
  process.exitCode = 1;
}
