import { EntropyError } from '../../domain/error.ts';

export function noSuchRun(id: string, place: string): EntropyError {
  return new EntropyError({
    code: 'E726',
    message: `there is no run ${id} in ${place}`,
    fix: 'entropy-playground runs list shows the newest ones',
  });
}
