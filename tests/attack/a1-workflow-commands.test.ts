import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertLog } from '../../src/domain/inert-log.ts';
import { parseWorkflowCommand } from '../../src/embedded/runner/io/workflow-command.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { setUp } from '../../src/runtime/set-up.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { sampleTask } from '../fakes/sample-task.ts';

/** What a runner obeys of a log: it ends lines as .NET does, and trims what Unicode calls white space. */
function obeyed(log: string): readonly string[] {
  return log.split(/\r\n|\r|\n/).filter((line) => parseWorkflowCommand(line.replace(/^[\s\u0085]+/, '')) !== undefined);
}

function throughTheLog(chunks: readonly string[]): string {
  let log = '';
  const shown = inertLog((text) => {
    log += text;
  });
  for (const chunk of chunks) shown.push(new TextEncoder().encode(chunk));
  shown.end();
  return log;
}

const commands = [
  '::add-mask::a',
  '::stop-commands::x',
  '  \u00a0::save-state name=entropy-settled::yes',
  '\u001b[0m::error::forged',
  'fine ##[add-mask]b',
  '##[set-output name=outcome]succeeded',
  'progress 1%\r::set-output name=outcome::succeeded',
  `${' '.repeat(20_000)}::notice::after many blanks`,
  `${'#'.repeat(8_191)}##[add-mask]c`,
];

describe('A1: workflow commands in what a set-up command prints', () => {
  it('are shown in the log of the job and not obeyed', async () => {
    using repository = realRepository({ 'print.txt': `${commands.join('\n')}\n` });
    let log = '';
    const task = sampleTask({ setupCommand: 'cat print.txt; printf "::debug::no end of line" >&2' });
    const room = {
      task,
      workspace: repository.root,
      hostPath: process.env['PATH'] ?? '',
      home: `${repository.temp}/h`,
      egress: ownEgressCommand(),
    };
    await setUp({ ...room, log: (chunk) => (log += new TextDecoder().decode(chunk)) }, AbortSignal.timeout(60_000));
    expect(log).toContain(': :add-mask: :a');
    expect(obeyed(log)).toEqual([]);
    expect(log.endsWith('\n')).toBe(true);
  });

  it('stay inert wherever the pieces of the output are cut', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      ']',
      'add-mask',
      ' ',
      '\t',
      '\r',
      '\n',
      'word',
      '9'.repeat(5_000),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.constantFrom(...commands)), { maxLength: 40 }), (chunks) => {
        expect(obeyed(throughTheLog(chunks))).toEqual([]);
      }),
    );
  });

  it('leave the output of honest programs as it is', () => {
    const honest = [
      'added 12 packages in 1s\n',
      'std::vector<int> v; // a::b\n',
      '✓ tests/a.test.ts > works\n',
      '# [x] done\n',
    ];
    expect(throughTheLog(honest)).toBe(honest.join(''));
  });
});
