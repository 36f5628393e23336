import type { Settings } from '../domain/settings.ts';

/** What of the settings decides whether an event asks for anything. */
export type RequestWords = Pick<
  Settings,
  | 'triggerPhrase'
  | 'labelTrigger'
  | 'assigneeTrigger'
  | 'branchPrefix'
  | 'teamStages'
  | 'automaticReview'
  | 'automaticTriage'
  | 'automaticRemarks'
  | 'automaticChecks'
  | 'automaticBase'
>;

export function requestWords(settings: RequestWords): RequestWords {
  const { triggerPhrase, labelTrigger, assigneeTrigger, branchPrefix, teamStages } = settings;
  const { automaticReview, automaticTriage, automaticRemarks, automaticChecks, automaticBase } = settings;
  return {
    ...{ triggerPhrase, labelTrigger, assigneeTrigger, branchPrefix, teamStages },
    ...{ automaticReview, automaticTriage, automaticRemarks, automaticChecks, automaticBase },
  };
}
