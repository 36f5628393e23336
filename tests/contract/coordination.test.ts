import { openSqlite } from './coordination.fixture.ts';
import { dependenciesContract } from './dependencies.contract.ts';
import { mailboxContract } from './mailbox.contract.ts';
import { replayContract } from './replay.contract.ts';
import { runStoreContract } from './run-store.contract.ts';
import { taskStoreContract } from './task-store.contract.ts';

const name = 'the store in SQLite';
taskStoreContract(name, openSqlite);
dependenciesContract(name, openSqlite);
runStoreContract(name, openSqlite);
mailboxContract(name, openSqlite);
replayContract(name, openSqlite);
