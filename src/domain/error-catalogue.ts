import { type ExitCode, exitCodes } from './outcome.ts';

/**
 * Every error that we raise on purpose: its code, what it means, and the exit code of the command line.
 * `docs/errors.md` is generated from this table. Hundreds: 1 usage and configuration · 2 GitHub · 3 model ·
 * 4 sandbox · 5 workspace and git · 6 patch and publishing · 7 claims and shared state · 8 local runner and embedded GitHub · 9 our own faults.
 */
export const errorCatalogue = {
  E100: { title: 'A command, option or input was not understood', exit: exitCodes.usage },
  E101: { title: 'The configuration is not valid', exit: exitCodes.usage },
  E102: { title: 'A file that was named cannot be read', exit: exitCodes.usage },
  E103: { title: 'The event that started the job cannot be used', exit: exitCodes.usage },
  E104: { title: 'A file cannot be written', exit: exitCodes.failed },
  E105: { title: 'A person cancelled it', exit: exitCodes.cancelled },
  E106: { title: 'The query was not understood', exit: exitCodes.usage },
  E200: { title: 'GitHub answered with an error', exit: exitCodes.failed },
  E201: { title: 'GitHub did not accept the token', exit: exitCodes.auth },
  E202: { title: 'The repository, issue or branch was not found', exit: exitCodes.usage },
  E203: { title: 'GitHub limits the rate of requests', exit: exitCodes.failed },
  E204: { title: 'The token lacks a permission', exit: exitCodes.auth },
  E205: { title: 'GitHub could not be reached', exit: exitCodes.failed },
  E206: { title: 'What was written could not be read back', exit: exitCodes.failed },
  E300: { title: 'The model answered with an error', exit: exitCodes.failed },
  E301: { title: 'No key for the model', exit: exitCodes.auth },
  E302: { title: 'The key for the model was not accepted', exit: exitCodes.auth },
  E303: { title: 'The model is overloaded', exit: exitCodes.failed },
  E304: { title: 'The answer of the model makes no sense', exit: exitCodes.failed },
  E305: { title: 'The script of the scripted model does not fit the run', exit: exitCodes.runFailed },
  E306: { title: 'The recorded trajectory cannot be replayed', exit: exitCodes.runFailed },
  E307: { title: 'The broker refused the request', exit: exitCodes.overBudget },
  E400: { title: 'No sandbox can be built on this machine', exit: exitCodes.failed },
  E401: { title: 'The sandbox leaks: the canary was seen', exit: exitCodes.failed },
  E402: { title: 'The sandbox is weaker than required', exit: exitCodes.failed },
  E403: { title: 'A command could not be started in the sandbox', exit: exitCodes.failed },
  E404: { title: 'The set-up command failed', exit: exitCodes.runFailed },
  E405: { title: 'The test command cannot be run', exit: exitCodes.runFailed },
  E500: { title: 'git failed', exit: exitCodes.failed },
  E501: { title: 'Not a git repository', exit: exitCodes.usage },
  E502: { title: 'The repository has no commit', exit: exitCodes.usage },
  E503: { title: 'The clone is shallow', exit: exitCodes.usage },
  E504: { title: 'The working copy has uncommitted changes', exit: exitCodes.usage },
  E505: { title: 'The base branch does not exist', exit: exitCodes.usage },
  E600: { title: 'The patch breaks a rule', exit: exitCodes.runFailed },
  E601: { title: 'The patch is over a limit', exit: exitCodes.runFailed },
  E602: { title: 'The patch or text holds a secret', exit: exitCodes.runFailed },
  E603: { title: 'The hand-over of the agent cannot be read', exit: exitCodes.runFailed },
  E604: { title: 'The branch moved and the change cannot be merged', exit: exitCodes.pending },
  E700: { title: 'The issue is claimed by somebody else', exit: exitCodes.pending },
  E701: { title: 'The claim was lost', exit: exitCodes.runFailed },
  E710: { title: 'The shared state cannot be read or written', exit: exitCodes.failed },
  E711: { title: 'The shared state is locked by another process', exit: exitCodes.failed },
  E712: { title: 'The shared state has another schema', exit: exitCodes.failed },
  E713: { title: 'The backup cannot be restored', exit: exitCodes.failed },
  E720: { title: 'The coordinator answered with an error', exit: exitCodes.failed },
  E721: { title: 'The coordinator did not accept the key or token', exit: exitCodes.auth },
  E722: { title: 'The key or token may not do this at the coordinator', exit: exitCodes.auth },
  E723: { title: 'The coordinator could not be reached', exit: exitCodes.failed },
  E724: { title: 'The coordinator limits the rate of requests', exit: exitCodes.failed },
  E725: { title: 'This store cannot do that', exit: exitCodes.usage },
  E726: { title: 'The claim, task, run or key was not found', exit: exitCodes.usage },
  E727: { title: 'The coordinator cannot be started', exit: exitCodes.usage },
  E730: { title: 'No budget covers the work', exit: exitCodes.overBudget },
  E731: { title: 'The state does not allow the change', exit: exitCodes.usage },
  E732: { title: 'The dependency would close a cycle', exit: exitCodes.usage },
  E733: { title: 'The same name was used for something else', exit: exitCodes.usage },
  E800: { title: 'The workflow file cannot be run locally', exit: exitCodes.failed },
  E801: { title: 'The embedded GitHub failed', exit: exitCodes.failed },
  E900: { title: 'A fault of ours', exit: exitCodes.failed },
} as const satisfies Record<string, { readonly title: string; readonly exit: ExitCode }>;

export type ErrorCode = keyof typeof errorCatalogue;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value);
}
