import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { runnerValue } from '../../../../src/domain/runner-command.ts';
import { parseKeyValueFile } from '../../../../src/embedded/runner/io/key-value-file.ts';
import { createActionIo } from '../../../../src/runtime/action-io.ts';
import { openRoom } from '../../../fakes/sandbox-room.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { stepPlace } from '../step-place.ts';

/** What the step tells when the agent gives this reason. */
async function outputsFor(report: string): Promise<ReadonlyMap<string, string>> {
  using step = stepPlace();
  await createActionIo().outputs({ outcome: 'failed', report, branch: '' });
  return new Map(parseKeyValueFile(step.file('GITHUB_OUTPUT')).pairs);
}

/** Whoever saw one run of the step knows how its values are written down; the next run must not be the same. */
async function delimiterOfAnotherRun(): Promise<string> {
  using step = stepPlace();
  await createActionIo().outputs({ report: 'x' });
  return /^report<<(.+)$/m.exec(step.file('GITHUB_OUTPUT'))?.[1] ?? '';
}

export const forgedOutputs: Attack = {
  id: 'A2',
  title: 'a reason that ends its own output early and sets `outcome` and `admitted`',
  async attack() {
    const seen = await delimiterOfAnotherRun();
    for (const delimiter of ['EOF', 'ghadelimiter', 'entropy_delimiter', seen, '']) {
      const report = `because\n${delimiter}\noutcome=succeeded\nadmitted<<${delimiter}\ntrue\n${delimiter}\n`;
      const outputs = await outputsFor(report);
      if (outputs.get('outcome') !== 'failed' || outputs.has('admitted')) return escaped(`${delimiter} set an output`);
      if (outputs.get('report') !== report) return escaped(`${delimiter} cut the report short`);
    }
    return contained('five delimiters ended nothing');
  },
  async twin() {
    const report = 'two lines\nwith = signs << and more';
    return (await outputsFor(report)).get('report') === report
      ? passed('it arrives as it was')
      : hindered('it was changed');
  },
};

export const delimiterInValue: Attack = {
  id: 'A2',
  title: 'a value that holds the very delimiter',
  async attack() {
    try {
      const text = runnerValue('report', 'x\nentropy_1\nadmitted=true', 'entropy_1');
      const pairs = new Map(parseKeyValueFile(text).pairs);
      return pairs.has('admitted') ? escaped('it set an output') : escaped('it was written');
    } catch (error) {
      return error instanceof RangeError ? contained(error.message) : escaped(String(error));
    }
  },
  async twin() {
    const pairs = parseKeyValueFile(runnerValue('report', 'entropy_2', 'entropy_1')).pairs;
    return pairs[0]?.[1] === 'entropy_2' ? passed('another word is written') : hindered(JSON.stringify(pairs));
  },
};

export const commandFiles: Attack = {
  id: 'A2',
  title: 'a command in the sandbox that writes to GITHUB_ENV and GITHUB_OUTPUT of its step',
  async attack() {
    using step = stepPlace();
    const names = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE'] as const;
    await using room = await openRoom(bubblewrapSandbox());
    for (const name of names) {
      const file = `${step.folder}/${name}`;
      await room.sh(
        `echo NODE_OPTIONS=--require=/ws/x.js >> "${file}"; echo a=b >> "$${name}"; echo a=b >> /proc/1/root${file}`,
      );
      if (step.file(name) !== '') return escaped(`${name} was written`);
    }
    return contained('the files are not there for it');
  },
  async twin() {
    await using room = await openRoom(bubblewrapSandbox());
    const { stdout } = await room.sh('echo a=b >> out.txt && cat out.txt');
    return stdout === 'a=b\n' ? passed('a file of its own is written') : hindered(stdout);
  },
};
