import { issueClaimKey } from '../../domain/claim.ts';
import { labelledPriority } from '../../domain/coordination/task-priority.ts';
import { defaultPriority } from '../../domain/coordination/task-record.ts';
import type { Gate, ReadyWork } from '../gate.ts';

/** As the books have it, where people may set it by hand too; else as the issue's labels say. 0 to 4. */
export async function priorityOfWork({ forge, books }: Gate, { issue }: ReadyWork): Promise<number> {
  const { owner, name } = forge.repository;
  const task = await books?.tasks.read(issueClaimKey(owner, name, issue.number));
  return task?.priority ?? labelledPriority(issue.labels) ?? defaultPriority;
}
