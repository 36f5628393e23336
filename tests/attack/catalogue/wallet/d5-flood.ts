import { taskMessage } from '../../../../src/agent/prompts/task-message.ts';
import { parseCommand } from '../../../../src/domain/command-parser.ts';
import { parseMarkers } from '../../../../src/domain/markers.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const size = 64 * 1024;
const floods = ['<!--', '<!-- entropy:', '<!-- --', '`<!--` ', '<!-->'].map((piece) =>
  piece.repeat(Math.ceil(size / piece.length)).slice(0, size),
);

/** What it takes to read a text for commands, for marks of ours, and for an agent: milliseconds of the processor. */
function reading(text: string): readonly (readonly [string, number])[] {
  const { issue } = sampleTask();
  const comment = { id: 1, author: 'carol', body: text, createdAt: issue.createdAt, updatedAt: issue.createdAt };
  const task = sampleTask({ issue: { ...issue, body: text, comments: [comment] as never } });
  const ways: readonly (readonly [string, () => unknown])[] = [
    ['commands', () => parseCommand(text, '/agent')],
    ['marks', () => parseMarkers(text)],
    ['the agent', () => taskMessage(task, undefined)],
  ];
  return ways.map(([name, read]) => {
    const started = cpuMs();
    read();
    return [name, cpuMs() - started] as const;
  });
}

export const commentFlood: Attack = {
  id: 'D5',
  title: 'a flood of opened comments that takes a parser for ever',
  attack: async () => {
    reading('warm');
    for (const flood of floods) {
      const slow = reading(flood).filter(([, ms]) => ms > 400);
      if (slow.length > 0)
        return escaped(
          `${flood.slice(0, 14)}… is slow to read for ${slow.map(([name, ms]) => `${name} (${Math.round(ms)} ms)`).join(', ')}`,
        );
    }
    const { text } = taskMessage(
      sampleTask({ issue: { ...sampleTask().issue, body: 'word '.repeat(13_000) } }),
      undefined,
    );
    return text.length < 48_000
      ? contained('read in time that grows with its length, and shown in part')
      : escaped(`${text.length} characters for the model`);
  },
  twin: async () => {
    const command = parseCommand('<!-- a template -->\n/agent fix <!-- for me -->\n', '/agent');
    return command.kind === 'command' ? passed('a command beside comments is heard') : hindered(command.kind);
  },
};
