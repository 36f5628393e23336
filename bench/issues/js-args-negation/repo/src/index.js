export { parse } from './parse.js';
export { UsageError } from './usage-error.js';
