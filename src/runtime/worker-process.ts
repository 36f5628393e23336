// The agent's worker as a program of its own, for the command line; in the actions a bundle is its own worker.
import { runWorker } from './worker.ts';

await runWorker();
