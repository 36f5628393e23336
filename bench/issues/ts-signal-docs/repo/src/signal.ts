import { type Reader, reading, schedule } from './batch.ts';

export interface Signal<Value> {
  get(): Value;
  set(value: Value): void;
}

export function signal<Value>(first: Value): Signal<Value> {
  let value = first;
  const readers = new Set<Reader>();
  return {
    get() {
      const reader = reading();
      if (reader !== undefined) {
        readers.add(reader);
        reader.sources.add(readers);
      }
      return value;
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      schedule([...readers]);
    },
  };
}
