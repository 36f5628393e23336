export { batch } from './batch.ts';
export { computed } from './computed.ts';
export { effect } from './effect.ts';
export { type Signal, signal } from './signal.ts';
