/** How what is held stands to what the issue shows of it. */
export type HeldShown =
  | 'as-shown'
  /** Our comment says something else, or is not ours. */
  | 'changed'
  /** Not on this issue. */
  | 'missing'
  /** A newer comment of ours shows another plan. */
  | 'older'
  /** The linked commit is not the plan's change. */
  | 'other-commit';

/** What is told of a plan that is not held as it is shown; a sentence without its full stop, which names no hash. */
export function unshownText(shown: Exclude<HeldShown, 'as-shown'>): string {
  switch (shown) {
    case 'changed':
      return 'the comment that shows the plan, or what is held, was edited since';
    case 'missing':
      return 'the comment that shows the plan was deleted since';
    case 'older':
      return 'what is held is not the newest plan on this issue';
    case 'other-commit':
      return 'the commit that the plan links is not the change that it tells of';
    default:
      return shown satisfies never;
  }
}
