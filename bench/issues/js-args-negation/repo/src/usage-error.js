export class UsageError extends Error {
  name = 'UsageError';
}
