import { openApiFunction } from '../../src/runtime/aws/api-function.ts';

/** The coordinator's HTTP app (docs/coordinator.md). */
export const handler = openApiFunction();
