import type { FunctionName } from '../../src/runtime/aws/aws-names.ts';

/** MB of memory (and with it share of a processor) and seconds until a call is ended, for each function. */
export const functionSizes: Readonly<
  Record<FunctionName, { readonly memoryMb: number; readonly timeoutSeconds: number }>
> = {
  // GitHub gives up after ten seconds.
  webhook: { memoryMb: 512, timeoutSeconds: 5 },
  dispatcher: { memoryMb: 512, timeoutSeconds: 60 },
  // The HTTP API gives up after thirty.
  api: { memoryMb: 1024, timeoutSeconds: 29 },
  // The next one begins a minute later.
  sweeper: { memoryMb: 512, timeoutSeconds: 55 },
  archiver: { memoryMb: 512, timeoutSeconds: 60 },
};
