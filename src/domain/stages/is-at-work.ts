import type { TeamRecord } from './team-record.ts';

/** From the first line of code until a person has to look: those who come later wait no longer than machines work. */
export function isAtWork({ stage, state }: Pick<TeamRecord, 'stage' | 'state'>): boolean {
  const onCode = stage === 'code' || stage === 'test' || stage === 'review' || stage === 'address' || stage === 'ready';
  const going = state.kind === 'pending' || state.kind === 'running';
  return onCode && (going || (state.kind === 'waiting' && state.for === 'checks'));
}
