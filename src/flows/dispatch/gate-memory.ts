import type { RepositoryRef } from '../../domain/repository.ts';
import type { RequestWords } from '../request-words.ts';

/**
 * What the gate remembers of its last answers, so that comments and labels that start nothing do not use up the requests of
 * GitHub that all agents of an owner share. It only ever spares a request that comes to nothing; whoever forgets all of it asks anew.
 */
export interface GateMemory {
  /** What starts a command there, as the settings told a moment ago. */
  wordsOf(repository: RepositoryRef): RequestWords | undefined;
  tellWords(repository: RepositoryRef, words: RequestWords): void;
  /** False: this person was told again and again that they may not, and tries on. */
  mayTry(repository: RepositoryRef, login: string): boolean;
  tellRefused(repository: RepositoryRef, login: string): void;
  /** False: comment after comment of this person answered nothing. Whoever sweeps hears an answer all the same, a little later. */
  mayAnswer(repository: RepositoryRef, login: string): boolean;
  tellUnanswering(repository: RepositoryRef, login: string): void;
}
