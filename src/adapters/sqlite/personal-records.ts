import { randomInt } from 'node:crypto';
import { sameData } from '../../domain/coordination/same-data.ts';
import { EntropyError } from '../../domain/error.ts';
import type { PersonalRecord, PersonalRecords } from '../../ports/personal-records.ts';
import type { Database } from './database.ts';
import { personalKinds } from './personal-kinds.ts';
import { statement } from './statement.ts';

const pageSize = 500;
/** Facts are whole numbers: five of 48 random bits are a key of 240. */
const keyParts = 5;
const partLimit = 2 ** 48 - 1;

/** Everything in the state file that may hold something of a person. Replacing leaves versions alone and makes no event. */
export function createSqlitePersonalRecords(database: Database): PersonalRecords {
  return {
    all: async function* () {
      for (const kind of personalKinds) {
        let after = kind.first;
        for (;;) {
          const names = database.read((db) => kind.namesAfter(db, after, pageSize));
          for (const name of names) {
            const data = database.read((db) => kind.read(db, String(name)));
            if (data !== undefined) yield { kind: kind.kind, name: String(name), data };
          }
          const last = names.at(-1);
          if (last === undefined || names.length < pageSize) break;
          after = last;
        }
      }
    },

    replace: (record, data) =>
      database.write((db) => {
        const kind = personalKinds.find((one) => one.kind === record.kind);
        if (kind === undefined) throw foreign(record);
        if (!sameData(kind.read(db, record.name), record.data)) return 'changed';
        kind.write(db, record.name, data);
        return 'replaced';
      }),

    pseudonymKey: () =>
      database.write((db) => {
        const add = statement(db, 'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
        const read = statement(db, 'SELECT value FROM facts WHERE name = ?');
        const parts = Array.from({ length: keyParts }, (_, part) => {
          const name = `pseudonym-key-${part}`;
          add.run(name, randomInt(partLimit));
          return Number(read.get(name)?.['value']).toString(16).padStart(12, '0');
        });
        return parts.join('');
      }),

    // Records and the events that they are the sum of are one transaction here.
    untilTold: async () => 'told',
  };
}

function foreign({ kind, name }: PersonalRecord): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `${kind} ${name} is no record of this store`,
    fix: 'replace what the same store gave',
  });
}
