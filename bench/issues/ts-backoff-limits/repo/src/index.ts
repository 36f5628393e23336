export { delays } from './delays.ts';
export type { BackoffOptions } from './options.ts';
