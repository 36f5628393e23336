import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../src/cli/paint.ts';
import { displayWidth } from '../../../src/cli/terminal-text.ts';
import { createTimeline } from '../../../src/cli/timeline.ts';
import { formatDuration } from '../../../src/cli/timeline-layout.ts';
import { noUsage } from '../../../src/domain/budget.ts';
import type { LifeEvent } from '../../../src/domain/life-event.ts';
import type { TrajectoryBody } from '../../../src/domain/trajectory.ts';
import { anyText } from '../../fakes/any-text.ts';

function step(event: TrajectoryBody): LifeEvent {
  return { type: 'step', event: { seq: 0, at: 0, ...event } };
}

function tool(turn: number, name: string, subject: string, summary: string, ok = true): LifeEvent[] {
  const call = { turn, callId: `c${turn}`, tool: name, subject };
  return [
    step({ type: 'model.requested', turn, messages: 1, estimatedTokens: 1 }),
    step({
      type: 'model.replied',
      turn,
      model: 'm',
      content: [],
      stopReason: 'tool_use',
      usage: noUsage,
      costMicroUsd: 0,
      durationMs: 1,
    }),
    step({ type: 'tool.started', ...call }),
    step({ type: 'tool.finished', ...call, ok, summary, output: '', durationMs: 1 }),
  ];
}

const life: readonly LifeEvent[] = [
  { type: 'phase.started', phase: 'issue', subject: 'issue #1' },
  {
    type: 'phase.finished',
    phase: 'issue',
    ok: true,
    subject: 'issue #1',
    detail: '"a bug" by alice',
    durationMs: 100,
  },
  { type: 'phase.started', phase: 'agent', subject: 'coder · sandbox bubblewrap, offline' },
  ...tool(1, 'search', '"function slugify"', 'src/slugify.ts:14'),
  ...tool(2, 'bash', 'npm test', '1 of 9 failed', false),
  { type: 'log', job: 'agent', line: 'hello' },
  {
    type: 'phase.finished',
    phase: 'agent',
    ok: true,
    subject: 'coder · sandbox bubblewrap, offline',
    detail: '',
    durationMs: 4_200,
  },
];

function draw(events: readonly LifeEvent[], mode: 'plain' | 'moving', columns = 80, rows = 24, close = true): string {
  let written = '';
  const timeline = createTimeline({
    channel: { write: (text) => (written += text), rows },
    paint: createPaint('never', false),
    mode,
    columns,
    verbose: false,
    now: () => 0,
  });
  for (const event of events) timeline.show(event);
  if (close) timeline[Symbol.dispose]();
  return written;
}

/** As much of a terminal as the timeline uses: lines, cursor up, clear line. Anything else fails. */
function screen(written: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
  for (const part of written.split(/(\u001b\[\?2026[hl]|\u001b\[1A|\u001b\[2K|\n)/)) {
    if (part === '\n') row += 1;
    else if (part === '\u001b[1A') row -= 1;
    else if (part === '\u001b[2K') lines[row] = '';
    else if (part.startsWith('\u001b[?2026')) continue;
    else if (part.includes('\u001b')) throw new Error(`unknown sequence in ${JSON.stringify(part)}`);
    else lines[row] = (lines[row] ?? '') + part;
    if (row < 0) throw new Error('the cursor went above the screen');
  }
  return lines.filter((line) => line !== '');
}

const finished = [
  '  ✔ issue #1   "a bug" by alice                                           0.1 s',
  '  ✔ agent      coder · sandbox bubblewrap, offline                        4.2 s',
  '     1 search    "function slugify"             src/slugify.ts:14',
  '     2 bash      npm test                       ✗ 1 of 9 failed',
];

describe('the timeline', () => {
  it('in CI writes one line when something is done, and one when something long begins', () => {
    const [issue, agent, ...steps] = finished;
    expect(draw(life, 'plain').trimEnd().split('\n')).toEqual([
      issue,
      '  ● agent      coder · sandbox bubblewrap, offline',
      ...steps,
      agent,
    ]);
  });

  it('on a terminal ends with the same lines, each once, the result at the head of its steps', () => {
    expect(screen(draw(life, 'moving'))).toEqual(finished);
  });

  it('shows what is going on now, with its clock', () => {
    const going = [...life.slice(0, 4), ...tool(2, 'bash', 'npm test', '').slice(0, 3)];
    expect(screen(draw(going.slice(2), 'moving', 80, 24, false)).at(-1)).toMatch(/^ {5}2 bash {6}npm test .* 0\.0 s$/);
  });

  it('never grows higher than the screen, and loses no step', () => {
    const many = Array.from({ length: 40 }, (_, index) => tool(index + 1, 'read_file', `file${index + 1}`, 'x')).flat();
    const agent = life.filter((event) => event.type !== 'step');
    const events = [...agent.slice(0, 3), ...many];
    expect(screen(draw(events, 'moving', 80, 12, false)).length).toBeLessThanOrEqual(12);
    const all = screen(draw([...events, ...agent.slice(-1)], 'moving', 80, 12)).join('\n');
    for (let file = 1; file <= 40; file += 1) expect(all).toContain(`file${file} `);
  });

  it('leaves what it has when the run is cancelled in the middle', () => {
    const left = screen(draw(life.slice(0, 7), 'moving'));
    expect(left.join('\n')).toContain('● agent');
    expect(left.join('\n')).toContain('1 search');
  });

  it('draws the mark of a summary once, in its place', () => {
    const text = draw(
      [...tool(1, 'bash', 'npm test', '✗ exit 1', false), ...tool(2, 'bash', 'npm test', '✔')],
      'plain',
    );
    expect(text).toContain('✗ exit 1');
    expect(text).not.toContain('✗ ✗');
    expect(text.split('\n')[1]).toMatch(/npm test +✔$/);
  });

  it('shows progress in percent', () => {
    expect(draw([step({ type: 'progress.noted', turn: 1, progress: 0.7, done: 'a', next: 'b' })], 'plain')).toContain(
      '70 %',
    );
  });

  it('fits any width, and no untrusted text gets a sequence onto the screen', () => {
    const text = fc.oneof(
      anyText({ maxLength: 60 }),
      fc.constantFrom('\u001b[2J\u001b[Hforged ✔ publish', 'x\ny', '\u202eabc', '漢字'.repeat(30), ''),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 40, max: 120 }), (subject, detail, columns) => {
        const events: LifeEvent[] = [
          { type: 'phase.finished', phase: 'issue', ok: false, subject, detail, durationMs: 7_400_000 },
          ...tool(1, subject, subject, detail, false),
          // The finished tool says nothing where an event of its own does.
          ...tool(2, 'submit', subject, detail),
          step({ type: 'run.submitted', turn: 2, submission: { title: subject, body: detail, verified: [] } }),
          step({ type: 'run.asked', turn: 2, questions: [subject, detail] }),
        ];
        const lines = draw(events, 'plain', columns).trimEnd().split('\n');
        expect(lines).toHaveLength(4);
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThan(columns);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
      }),
    );
  });

  it.each([
    [40, '0.0 s'],
    [9_949, '9.9 s'],
    [42_999, '42 s'],
    [185_000, '3m 05s'],
    [3_725_000, '1h 02m'],
  ])('tells %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
