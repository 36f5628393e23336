/** Runs are named by ULIDs; a name that is none (callers may choose names) has no files, so that it leads nowhere else. */
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Where the dispatcher keeps the task of a run, for the workflow run that comes for it. Written once, by the dispatcher. */
export function taskFileKey(runId: string): string | undefined {
  return ulid.test(runId) ? `runs/${runId}/task.json` : undefined;
}
