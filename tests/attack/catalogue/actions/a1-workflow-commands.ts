import { EntropyError } from '../../../../src/domain/error.ts';
import { parseWorkflowCommand } from '../../../../src/embedded/runner/io/workflow-command.ts';
import { createActionIo } from '../../../../src/runtime/action-io.ts';
import { logLine, shownOutput } from '../../../../src/runtime/job-log.ts';
import { startWorker } from '../../../../src/runtime/worker-link.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { capturedOutput } from '../captured-output.ts';

const commands: readonly string[] = [
  '::stop-commands::x',
  '::add-mask::a',
  '  \u00a0::save-state name=entropy-settled::yes',
  '\u001b[0m::error::forged',
  'progress 1%\r::set-output name=outcome::succeeded',
  `${' '.repeat(20_000)}::notice::after many blanks`,
];
const older: readonly string[] = [
  'fine ##[add-mask]b',
  '##[set-output name=outcome]succeeded',
  `${'#'.repeat(8_191)}##[add-mask]c`,
];

/** What a runner obeys of a log: it ends lines as .NET does, and trims what Unicode calls white space. */
function obeyed(log: string): readonly string[] {
  return log.split(/\r\n|\r|\n/).filter((line) => parseWorkflowCommand(line.replace(/^[\s\u0085]+/, '')) !== undefined);
}

/** In pieces of every length, as programs write. */
async function throughSetUp(text: string): Promise<string> {
  let log = '';
  for (const length of [1, 7, 4_096]) {
    const output = shownOutput((bytes) => {
      log += Buffer.from(bytes).toString('utf8');
    });
    const bytes = Buffer.from(`${text}\n`);
    for (let at = 0; at < bytes.length; at += length) output.push(bytes.subarray(at, at + length));
    output.end();
  }
  return log;
}

/** A worker that stumbles prints what it stumbled over. */
async function throughWorker(text: string): Promise<string> {
  using folder = tempFolder({ 'worker.mjs': `console.log(${JSON.stringify(text)}); process.disconnect();` });
  const command = [process.execPath, `${folder.root}/worker.mjs`] as const;
  return await capturedOutput(async () => {
    await using worker = startWorker({ command, hostPath: '/usr/bin', tempDir: folder.root });
    await worker.finished.catch(() => undefined);
  });
}

const ways: Readonly<Record<string, (text: string) => Promise<string>>> = {
  'what a set-up command prints': throughSetUp,
  'what a worker prints': throughWorker,
  'a message of the log': (text) => capturedOutput(() => logLine(`the branch ${text}`)),
  'a message that begins with it': (text) => capturedOutput(() => logLine(`${text}\nand more`)),
};

export const commandsInLog: Attack = {
  id: 'A1',
  title: '::stop-commands:: and other commands of a runner in what programs and strangers say',
  async attack() {
    for (const [way, say] of Object.entries(ways)) {
      // A process for each would take long; the worker is given all of them at once.
      const texts = way === 'what a worker prints' ? [[...commands, ...older].join('\n')] : [...commands, ...older];
      for (const text of texts) {
        const [found] = obeyed(await say(text));
        if (found !== undefined) return escaped(`${way} is obeyed: ${JSON.stringify(found.slice(0, 100))}`);
      }
    }
    return contained('every line was shown and none was obeyed');
  },
  async twin() {
    const honest = 'std::vector<int> v; // a::b\n✓ tests/a.test.ts > works\n# [x] done';
    for (const [way, say] of Object.entries(ways)) {
      const log = await say(honest);
      if (!honest.split('\n').every((line) => log.includes(line))) return hindered(`${way} changed it: ${log}`);
    }
    return passed('honest output is shown as it is');
  },
};

export const commandInAnnotation: Attack = {
  id: 'A1',
  title: 'a second command in the text of an error, a warning and a notice',
  async attack() {
    const exitCode = process.exitCode;
    const io = createActionIo();
    const log = await capturedOutput(async () => {
      for (const text of [...commands, ...older]) {
        for (const tell of [io.fail, io.warning, io.notice]) await tell(`failed: x\n${text}\r\n${text}`);
      }
    });
    process.exitCode = exitCode;
    const told = obeyed(log);
    const count = 3 * (commands.length + older.length);
    const foreign = told.filter((line) => !/^::(error|warning|notice)::failed: x%0A/.test(line));
    return foreign.length === 0 && told.length === count
      ? contained(`${count} annotations, each of one line`)
      : escaped(`${told.length} commands instead of ${count}: ${JSON.stringify(foreign[0]?.slice(0, 100))}`);
  },
  async twin() {
    const exitCode = process.exitCode;
    const { message, fix } = new EntropyError({ code: 'E101', message: 'input x is "a"', fix: 'give: 100%\nor 50%' });
    const log = await capturedOutput(() => createActionIo().fail(`${message}\n${fix}`));
    process.exitCode = exitCode;
    const data = parseWorkflowCommand(log.trimEnd())?.data;
    return data === `${message}\n${fix}` ? passed('an error of two lines is one annotation') : hindered(String(data));
  },
};
