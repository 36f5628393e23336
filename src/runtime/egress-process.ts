// The way out of a sandbox as a program of its own, for the command line; in the actions a bundle is its own.
import { serveEgress } from '../adapters/egress/serve-egress.ts';

await serveEgress();
