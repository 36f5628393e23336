import { type BackoffOptions, checkOptions } from './options.ts';

/** The wait after each of the first `count` attempts, in milliseconds. */
export function delays(count: number, options: BackoffOptions): readonly number[] {
  checkOptions(options);
  return Array.from({ length: count }, (_, attempt) => options.firstMs * options.factor ** attempt);
}
