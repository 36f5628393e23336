import { base64Of, fromBase64, type Sha256, sameBytes, utf8 } from './sha256.ts';

/**
 * A text with signatures under it, as C2SP signed-note (https://c2sp.org/signed-note) has it: lines, an empty one, then for
 * each key `— <name> <base64 of key id and signature>`. Ed25519 only.
 */
export interface SignedNote {
  /** Ends with a newline, which is signed as well. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Four bytes that tell the key, so that another one of that name is not tried. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** What whoever verifies must know of a key: it is written `<name>+<key id>+<base64>` and may be published anywhere. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** 32 bytes of Ed25519. */
  readonly publicKey: Uint8Array;
}

/** A signature of 64 bytes over exactly these bytes. */
export interface NoteSigner {
  readonly key: NoteKey;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

export type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;

const ed25519 = 1;
const idBytes = 4;
const most = 100;
/** The dash of the format is U+2014. */
const signatureLine = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/;

export function noteKey(sha256: Sha256, name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`"${name}" is no name of a key: it is empty or holds a blank or a plus`);
  if (publicKey.length !== 32) throw new RangeError(`a key of Ed25519 has 32 bytes, not ${publicKey.length}`);
  const hashed = sha256(new Uint8Array([...utf8(`${name}\n`), ed25519, ...publicKey]));
  return { name, publicKey, keyId: hashed.slice(0, idBytes) };
}

export function formatNoteKey({ name, keyId, publicKey }: NoteKey): string {
  const id = Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${name}+${id}+${base64Of(new Uint8Array([ed25519, ...publicKey]))}`;
}

/** Undefined when it is no key of Ed25519, or its id is not that of its bytes. */
export function parseNoteKey(sha256: Sha256, text: string): NoteKey | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== ed25519) return undefined;
  const key = noteKey(sha256, name, bytes.slice(1));
  return formatNoteKey(key) === `${name}+${id}+${encoded}` ? key : undefined;
}

export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  const signature = await signer.sign(utf8(text));
  const encoded = base64Of(new Uint8Array([...signer.key.keyId, ...signature]));
  return `${text}\n\u2014 ${signer.key.name} ${encoded}\n`;
}

/** Undefined when it is not of that form. */
export function parseNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > most || hasControl(text)) return undefined;
  const signatures = lines.map(parseSignature);
  return signatures.every((signature) => signature !== undefined) ? { text, signatures } : undefined;
}

export type NoteVerdict =
  | { readonly kind: 'signed'; readonly by: readonly NoteKey[] }
  /** No signature is by a key that is known. */
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  /** Of a known key, and wrong. */
  | { readonly kind: 'forged'; readonly name: string };

/** A wrong signature of a known key spoils the note; one of an unknown key says nothing. */
export function judgeNote(
  { text, signatures }: SignedNote,
  known: readonly NoteKey[],
  verify: VerifySignature,
): NoteVerdict {
  const by: NoteKey[] = [];
  for (const { name, keyId, signature } of signatures) {
    const key = known.find((each) => each.name === name && sameBytes(each.keyId, keyId));
    if (key === undefined) continue;
    if (!verify(key.publicKey, utf8(text), signature)) return { kind: 'forged', name };
    by.push(key);
  }
  return by.length > 0 ? { kind: 'signed', by } : { kind: 'unknown', names: signatures.map(({ name }) => name) };
}

export function isKeyName(name: string): boolean {
  return /^[^\s+]+$/u.test(name);
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = signatureLine.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length <= idBytes) return undefined;
  return { name, keyId: bytes.slice(0, idBytes), signature: bytes.slice(idBytes) };
}

function hasControl(text: string): boolean {
  return Array.from(text).some((letter) => letter < ' ' && letter !== '\n');
}
