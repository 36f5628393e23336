import { endOfFault, type FaultNote } from '../domain/fault-note.ts';
import { closeTracking } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishReport, PublishRun, Unheard } from './publish-run.ts';

/** The agent was stopped by a fault, cancelled, or killed: the issue is told which, as well as anybody knows. */
export async function endUnheard(run: PublishRun, unheard: Unheard): Promise<PublishReport> {
  const note = noteOf(unheard);
  await mayWrite(run, 'close');
  const { told } = await closeTracking({ ...run, result: undefined, end: endOfFault(note) });
  if (note.code === 'E105') return { outcome: 'cancelled', reason: note.message };
  const shown = told === 'all' ? note : { ...note, message: 'what went wrong was withheld: it seems to hold a secret' };
  return { outcome: 'failed', reason: `${shown.code}: ${shown.message}`, error: shown };
}

function noteOf({ fault, job }: Unheard): FaultNote {
  if (fault !== undefined) return fault;
  if (job === 'cancelled')
    return { code: 'E105', message: 'the agent job was cancelled before it had a result', fix: '' };
  return {
    code: 'E603',
    message: `the agent left no result${job === undefined ? '' : ` (its job ended with: ${job})`}: it was killed, or it lost its runner`,
    fix: 'the log of the agent job has its last steps',
  };
}
