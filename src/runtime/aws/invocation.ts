/** What AWS tells of an invocation, as far as it is read. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}
