/** For whom something is done that nobody asked for by a command. */
export const automaticChoices = [
  /** Somebody asks, or nothing is done. */
  'never',
  /** For those who may give the command themselves. */
  'permitted',
  /** For everybody but bots. */
  'everybody',
] as const;
export type AutomaticChoice = (typeof automaticChoices)[number];
