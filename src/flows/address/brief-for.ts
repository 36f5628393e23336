import type { BriefRequest, FoundBrief } from './brief-request.ts';

/** Stands in until its owner writes it. */
export async function briefFor(_request: BriefRequest): Promise<FoundBrief> {
  return { kind: 'nothing', why: 'nothing asks for a change' };
}
