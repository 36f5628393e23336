/** Encrypts small secrets that are kept in a shared store. `context` is bound to the secret: another one does not open it. */
export interface MessageSealer {
  seal(secret: string, context: Readonly<Record<string, string>>): Promise<Uint8Array>;
  open(sealed: Uint8Array, context: Readonly<Record<string, string>>): Promise<string>;
}
