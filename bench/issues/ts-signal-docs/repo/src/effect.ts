import { type Reader, readAs } from './batch.ts';

/** Runs now and whenever something that it read has changed. The result stops it. */
export function effect(work: () => void): () => void {
  let stopped = false;
  const reader: Reader = {
    sources: new Set(),
    run: () => {
      if (!stopped) readAs(reader, work);
    },
  };
  reader.run();
  return () => {
    stopped = true;
    for (const readers of reader.sources) readers.delete(reader);
  };
}
