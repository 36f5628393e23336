import { EntropyError } from '../domain/error.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import type { Task } from '../domain/task.ts';
import type { Sandbox } from '../ports/sandbox.ts';

/** Files by which programs are told what to do with a repository, wherever they lie in it. */
const names = [
  'AGENT.md',
  'AGENTS.md',
  'AGENTS.override.md',
  'CLAUDE.md',
  'CLAUDE.local.md',
  'GEMINI.md',
  '.cursorrules',
  '.windsurfrules',
  '.clinerules',
  '.roorules',
  '.aider.conf.yml',
  'opencode.json',
  'opencode.jsonc',
  '.mcp.json',
] as const;
const folders = [
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.windsurf',
  '.opencode',
  '.roo',
  '.kiro',
  '.junie',
  '.github/instructions',
  '.github/prompts',
  '.github/agents',
] as const;
const files = ['.github/copilot-instructions.md'] as const;
const timeoutMs = 60_000;

const removal = `find . -xdev \\( -path ./.git -o -name node_modules \\) -prune -o \\( ${names
  .map((name) => `-iname '${name}'`)
  .join(
    ' -o ',
  )} \\) -exec rm -rf -- {} + && rm -rf -- ${[...folders, ...files].map((place) => `'./${place}'`).join(' ')}`;

/**
 * Whoever can push to the branch that a run goes on with must not instruct it: what the head has of instructions for agents
 * is taken away before anything is read, and those of the base are put in its place. It is done in the sandbox, so that no
 * link of the head leads out, and before the agent's own work begins: none of it is part of the change.
 */
export async function restoreInstructions(task: Task, sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  if (!runsCommands(sandbox.rung)) return;
  await run(sandbox, { argv: ['/bin/sh', '-c', removal] }, signal);
  for (const { path, text } of task.instructions) {
    await run(sandbox, { argv: ['/bin/sh', '-c', 'cat > "$1"', 'sh', path], stdin: Buffer.from(text) }, signal);
  }
}

interface Step {
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: Uint8Array;
}

async function run(sandbox: Sandbox, step: Step, signal: AbortSignal): Promise<void> {
  const exit = await sandbox.run({ ...step, timeoutMs, maxOutputBytes: 4_096 }, signal);
  if (exit.exitCode === 0) return;
  const said = new TextDecoder().decode(exit.stderr.head).trim().slice(0, 300);
  throw new EntropyError({
    code: 'E403',
    message: `instructions for agents on the branch of the pull request could not be put back to those of its base: ${said}`,
    fix: 'look at AGENTS.md, CLAUDE.md, .mcp.json and the folders of settings for agents on that branch',
  });
}
