import { existsSync, readFileSync } from 'node:fs';
import { cliPlace } from '../../e2e/cli-place.ts';
import { processesAround } from '../../e2e/process-tree.ts';
import { sampleCopy, sampleIssue } from '../../e2e/sample-copy.ts';
import { runCli } from '../../integration/cli/run-cli.ts';
import { isAtCommand } from './at-command.ts';
import { unfinishedLine, writeLongScript } from './long-script.ts';

export interface InterruptedRun {
  /** From Ctrl-C until the command has ended, with all that it had started. */
  readonly endedMs: number;
  readonly problems: readonly string[];
}

/** `entropy-playground run` in a repository of one's own, and Ctrl-C in the middle of a command. */
export async function stopOnMachine(): Promise<InterruptedRun> {
  using place = cliPlace();
  using own = sampleCopy();
  const model = `scripted:${writeLongScript(place.root)}`;
  let pressed = Number.NaN;
  const ran = await runCli(['run', '--issue', sampleIssue, '--model', model, '--repo', own.root, '--json'], {
    cwd: place.root,
    env: place.env,
    when: {
      // The step before it; a step is told when it has ended.
      seen: unfinishedLine,
      act: (child) => {
        const looking = setInterval(() => {
          if (!isAtCommand()) return;
          clearInterval(looking);
          pressed = performance.now();
          child.kill('SIGINT');
        }, 50);
        child.once('exit', () => clearInterval(looking));
      },
    },
  });
  const endedMs = Math.round(performance.now() - pressed);
  const report = JSON.parse(ran.stdout) as { readonly outcome: string; readonly patchPath: string | null };
  const saved = report.patchPath !== null && existsSync(report.patchPath) ? readFileSync(report.patchPath, 'utf8') : '';
  return {
    endedMs,
    problems: [
      ...(report.outcome === 'cancelled' ? [] : [`it ended ${report.outcome}`]),
      ...(saved.includes(unfinishedLine) ? [] : ['the work is not saved']),
      ...(processesAround(place.root).length === 0 ? [] : ['processes are left']),
    ],
  };
}
