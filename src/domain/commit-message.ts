import { neutraliseLine, neutraliseLines, type OutgoingOptions } from './outgoing-text.ts';
import type { RunResult } from './run-result.ts';
import type { SandboxRung } from './sandbox-rung.ts';
import type { Task } from './task.ts';

const maxSubject = 72;

/**
 * Subject and body from the agent's submission, made harmless, and trailers that say who and which run it was
 * (git-interpret-trailers). The last paragraph is ours alone: nothing in the body can pass for a trailer.
 */
export function commitMessage(task: Task, result: RunResult): string {
  const options: OutgoingOptions = { issue: task.issue.number, maxLength: 4_000 };
  const body = neutraliseLines(result.submission?.body ?? '', options)
    .split('\n')
    .map((line) => (/^\s*[A-Za-z][A-Za-z-]*\s*:/.test(line) ? `> ${line.trim()}` : line))
    .join('\n');
  const trailers = [
    `Agent-Run: ${task.runId}`,
    `Agent-Role: ${task.agent.role}`,
    `Agent-Fence: ${task.lease.fence}`,
    `Assisted-by: entropy-playground/${task.agent.version} (${trailerValue(result.model)})`,
    ...sandboxTrailer(result.sandbox.rung),
  ];
  const paragraphs = [
    submissionTitle(task, result, maxSubject),
    body,
    `For #${task.issue.number}`,
    trailers.join('\n'),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/** Says for as long as there is the commit that it was made without one; nothing where there was one. */
export function sandboxTrailer(rung: SandboxRung): readonly string[] {
  return rung === 'none' ? ['Sandbox: none'] : [];
}

/** The agent's title as one harmless line; the issue's number stands in for an empty one. */
export function submissionTitle(task: Task, result: RunResult, maxLength: number): string {
  const options: OutgoingOptions = { issue: task.issue.number, maxLength };
  const title = neutraliseLine(result.submission?.title ?? '', options).replace(/^[#\s]+(?![0-9])/, '');
  return title === '' ? `Work on issue ${task.issue.number}` : title;
}

function trailerValue(text: string): string {
  return text.replace(/[^A-Za-z0-9._:/@ -]/g, '').slice(0, 80);
}
