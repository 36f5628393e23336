/**
 * The rungs of the sandbox ladder, strongest first; `seatbelt` is macOS's own. `none` is no sandbox at all: it is never
 * taken by itself, only where a person typed it on their own machine.
 */
export const sandboxRungs = ['bubblewrap', 'docker', 'unshare', 'landlock', 'seatbelt', 'none'] as const;

export type SandboxRung = (typeof sandboxRungs)[number];

/** What may be asked for as the weakest that will do: everything that is a sandbox. */
export type RequirableRung = Exclude<SandboxRung, 'none'>;
export const requirableRungs: readonly [RequirableRung, ...RequirableRung[]] = [
  'bubblewrap',
  'docker',
  'unshare',
  'landlock',
  'seatbelt',
];

/** Whether an agent can run commands there, the repository's tests among them; otherwise it reads and edits files only. */
export function runsCommands(rung: SandboxRung): boolean {
  return rung !== 'landlock';
}

/** What has to be said of a run on this rung wherever its outcome is told; undefined where commands ran in a closed room. */
export function cautionOf(rung: SandboxRung): string | undefined {
  switch (rung) {
    case 'landlock':
      return 'The sandbox of this machine runs no commands: the agent read and edited files, and no test was run.';
    case 'none':
      return 'There was no sandbox: the commands of the agent ran on the machine itself, with its files and its network.';
    case 'bubblewrap':
    case 'docker':
    case 'unshare':
    case 'seatbelt':
      return undefined;
    default:
      return rung satisfies never;
  }
}
