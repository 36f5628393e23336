import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from '../../../../src/domain/ledger/checkpoint.ts';
import { hexOf } from '../../../../src/domain/ledger/sha256.ts';
import {
  formatNoteKey,
  judgeNote,
  noteKey,
  parseNote,
  parseNoteKey,
  signNote,
} from '../../../../src/domain/ledger/signed-note.ts';
import { verifySignature } from '../../../../src/flows/ledger/judge-checkpoint.ts';
import { sha256 } from '../../../../src/flows/ledger/sha256.ts';

function signerOf(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: noteKey(sha256, name, raw), sign: async (bytes: Uint8Array) => sign(null, bytes, privateKey) };
}

const text = formatCheckpoint({ origin: 'entropy-playground/octo', size: 3, root: sha256(new Uint8Array(0)) });

describe('a signed note', () => {
  it('is signed by whoever has the key', async () => {
    const signer = signerOf('octo');
    const note = parseNote(await signNote(text, signer));
    expect(note?.text).toBe(text);
    expect(
      note &&
        judgeNote(
          note,
          [signerOf('else'), signer].map(({ key }) => key),
          verifySignature,
        ),
    ).toEqual({
      kind: 'signed',
      by: [signer.key],
    });
  });

  it('says nothing when only unknown keys signed it, and is spoilt by a wrong signature of a known one', async () => {
    const [known, stranger] = [signerOf('octo'), signerOf('octo')];
    const strange = parseNote(await signNote(text, stranger));
    expect(strange && judgeNote(strange, [known.key], verifySignature)).toEqual({ kind: 'unknown', names: ['octo'] });
    const liar = { ...stranger, key: known.key };
    const forged = parseNote(await signNote(text, liar));
    expect(forged && judgeNote(forged, [known.key], verifySignature)).toEqual({ kind: 'forged', name: 'octo' });
    const other = parseNote((await signNote(text, known)).replace('\n3\n', '\n4\n'));
    expect(other && judgeNote(other, [known.key], verifySignature)).toEqual({ kind: 'forged', name: 'octo' });
  });

  it('tells a key as the Go implementation writes it, and reads it back', () => {
    // The example of golang.org/x/mod/sumdb/note.
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const key = parseNoteKey(sha256, vkey);
    expect(key?.name).toBe('PeterNeumann');
    expect(key && hexOf(key.keyId)).toBe('c74f20a3');
    expect(key && formatNoteKey(key)).toBe(vkey);
    expect(parseNoteKey(sha256, vkey.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
    expect(parseNoteKey(sha256, 'nothing')).toBeUndefined();
  });

  it('believes a note that another implementation signed', () => {
    const vkey = parseNoteKey(sha256, 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const note = parseNote(
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    );
    expect(note && vkey && judgeNote(note, [vkey], verifySignature).kind).toBe('signed');
  });

  it('is not read from anything else', () => {
    for (const broken of ['', 'text', 'text\n\n', 'text\n\nno signature\n', `${text}\n\u2014 octo AAAA\n`]) {
      expect(parseNote(broken), JSON.stringify(broken)).toBeUndefined();
    }
  });
});

describe('a checkpoint', () => {
  it('is read as it was written, with lines of others behind it', () => {
    const checkpoint = { origin: 'entropy-playground/octo', size: 3, root: Uint8Array.from(sha256(new Uint8Array(0))) };
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    expect(parseCheckpoint(`${text}an extension\n`)).toEqual(checkpoint);
  });

  it('is not read from anything else', () => {
    const broken = [
      text.slice(0, -1),
      text.replace('3', '03'),
      text.replace('3', '-3'),
      text.replace('3', '99999999999999999'),
      text.replace('entropy-playground/octo', ''),
      text.replace(/.\n$/, '\n'),
      `${text}\n`,
    ];
    for (const each of broken) expect(parseCheckpoint(each), JSON.stringify(each)).toBeUndefined();
  });
});
