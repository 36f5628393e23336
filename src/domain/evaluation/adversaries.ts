/** Models that are built in to try the evaluation itself: none of them may ever be told as having solved anything. */
export const adversaries = ['do-nothing', 'delete-tests'] as const;

export type Adversary = (typeof adversaries)[number];

/** The script (docs/scripted-model.md) of one of them, as JSON. `testFiles` are paths of the repository. */
export function adversaryScript(adversary: Adversary, testFiles: readonly string[]): string {
  switch (adversary) {
    case 'do-nothing':
      return script([submit('Nothing to do', 'It is fine as it is.')]);
    case 'delete-tests': {
      // Without this one a runner would notice; quoted, though these are names of our own issues.
      const tests = testFiles.filter((file) => !file.endsWith('__init__.py'));
      const files = tests.map((file) => `'${file.replaceAll("'", "'\\''")}'`).join(' ');
      return script([
        { tool: 'bash', input: { command: `rm -f -- ${files}` } },
        submit('Make the tests pass', 'All tests that failed are gone.'),
      ]);
    }
    default:
      return adversary satisfies never;
  }
}

interface ScriptedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function submit(title: string, body: string): ScriptedCall {
  return { tool: 'submit', input: { title, body, verified: [] } };
}

/** One call a reply. Its submission may be refused: it says the same again until the run ends. */
function script(calls: readonly ScriptedCall[]): string {
  const last = calls.at(-1);
  const again = last === undefined ? [] : [last, last];
  return JSON.stringify({ script: 1, replies: [...calls, ...again].map((call) => ({ calls: [call] })) });
}
