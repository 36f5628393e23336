export { parse } from './parse.js';
export { toObjects } from './to-objects.js';
