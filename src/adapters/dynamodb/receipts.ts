/** What acknowledges one delivery. The reader keeps it as an opaque text; here it says which message it is about. */
export interface Receipt {
  readonly id: string;
  readonly receipt: string;
}

export function writeReceipt({ id, receipt }: Receipt): string {
  return `${receipt}.${Buffer.from(id).toString('base64url')}`;
}

/** Undefined: nobody was ever given this one. */
export function readReceipt(handle: string): Receipt | undefined {
  const [receipt = '', encoded = ''] = handle.split('.');
  const id = Buffer.from(encoded, 'base64url').toString('utf8');
  return receipt === '' || id === '' ? undefined : { id, receipt };
}
