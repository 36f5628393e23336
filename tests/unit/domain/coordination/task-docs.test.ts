import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageTypes } from '../../../../src/domain/coordination/message.ts';
import { maxDeliveries } from '../../../../src/domain/coordination/message-delivery.ts';
import { runMoves } from '../../../../src/domain/coordination/run-moves.ts';
import { taskAfterRun } from '../../../../src/domain/coordination/task-after-run.ts';
import { decideMirror } from '../../../../src/domain/coordination/task-decisions.ts';
import { taskMoves } from '../../../../src/domain/coordination/task-moves.ts';
import { maxAttempts } from '../../../../src/domain/coordination/task-record.ts';
import { outcomes } from '../../../../src/domain/outcome.ts';
import { sampleIssue } from '../../../fakes/coordination-samples.ts';

const page = readFileSync(new URL('../../../../docs/tasks.md', import.meta.url), 'utf8');

const code = (states: readonly string[]): string => states.map((state) => `\`${state}\``).join(', ');

/** The rows of the table whose header begins with this cell, cell by cell. */
function rowsBelow(header: string): string[][] {
  const lines = page.split('\n');
  const first = lines.indexOf(header) + 2;
  expect(first).toBeGreaterThan(1);
  const last = lines.findIndex((line, at) => at >= first && !line.startsWith('|'));
  return lines.slice(first, last).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

describe('docs/tasks.md', () => {
  it('tells every state of a task with exactly its moves', () => {
    const told = rowsBelow('| state | meaning | may become |').map(([state, , moves]) => [state, moves]);
    expect(told).toEqual(Object.entries(taskMoves).map(([state, moves]) => [`\`${state}\``, code(moves)]));
  });

  it('tells every state of a run with exactly its moves', () => {
    const told = rowsBelow('| state | may become |');
    const moves = Object.entries(runMoves).map(([state, next]) => [
      `\`${state}\``,
      next.length === 0 ? 'over' : code(next),
    ]);
    expect(told).toEqual(moves);
  });

  it('tells the types of messages and how often things are tried', () => {
    expect(page.replace(/\s+/g, ' ')).toContain(`Typed (${code(messageTypes)})`);
    expect(page).toContain(`After ${maxAttempts} failures`);
    expect(page).toContain(`After ${maxDeliveries} deliveries`);
  });
});

describe('where a run leaves its task', () => {
  it('can be reached from both states that a run works in, however it ends', () => {
    const { task } = decideMirror(undefined, sampleIssue(1));
    for (const state of ['claimed', 'in_progress'] as const) {
      for (const outcome of outcomes) {
        const { to } = taskAfterRun({ ...task, state }, { outcome, reason: 'so' });
        expect(taskMoves[state]).toContain(to);
      }
      expect(taskMoves[state]).toContain('abandoned');
    }
  });
});
