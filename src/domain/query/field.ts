/**
 * Who can answer: `both` GitHub and the mirrored tasks, and they agree; `tasks` only what is mirrored and coordinated;
 * `github` only GitHub; `nobody` is GitHub's too, but about repositories, code or commits.
 */
export type AnsweredBy = 'both' | 'tasks' | 'github' | 'nobody';

export type ValueKind =
  /** One of a list; see `choices`. */
  | 'choice'
  /** Any text, compared without regard to case. */
  | 'word'
  /** A login, `@me`, `app/name` for an app. */
  | 'person'
  /** `owner/name`. */
  | 'repository'
  /** A date, `@today-7d`, or an age like `7d`. */
  | 'date'
  /** A whole number. */
  | 'count'
  /** US dollars, up to six decimals. */
  | 'money'
  /** `#12`, `owner/name#12`, or the key of a task. */
  | 'reference'
  /** Anything, compared or not: GitHub checks it. */
  | 'free';

export interface QueryField {
  readonly name: string;
  readonly takes: ValueKind;
  /** The known values, and who answers each. */
  readonly choices?: Readonly<Record<string, AnsweredBy>>;
  /** Other spellings of values. */
  readonly spellings?: Readonly<Record<string, string>>;
  /** A value that is not among the choices is passed to GitHub. */
  readonly others?: 'github';
  readonly answeredBy: AnsweredBy;
  /** `field:*` asks whether there is any value. */
  readonly any?: true;
  /** For the documentation: what it finds. */
  readonly about: string;
  readonly example: string;
}
