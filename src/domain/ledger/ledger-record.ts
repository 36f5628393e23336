import { count, groupOf, listOf, oneOf, type Shape, text } from '../shape.ts';

/**
 * What somebody did, or is about to do: one line of a ledger. Members are named as they are stored. Numbers are whole; texts
 * that a model or a person wrote are not in it but in blobs, which can be taken away without the tree noticing.
 */
export interface LedgerRecord extends LedgerEntry {
  readonly v: typeof ledgerVersion;
  /** A ULID of `ts`. */
  readonly id: string;
  /** Milliseconds since 1970, never less than that of the record before. */
  readonly ts: number;
  /** Within its writer: 0, 1, 2 … without holes. */
  readonly seq: number;
  /** SHA-256 of the line before, in hexadecimal; of the writer's name (`writerSeed`) for the first one. */
  readonly prev: string;
  readonly repo: string;
  readonly run: string;
  /** Of the run, from 1 on. */
  readonly attempt: number;
  /** Which process: `gate`, `agent`, `broker`, `publish`, `coordinator` … */
  readonly writer: string;
}

export const ledgerVersion = 1;
/** Bytes of a line, without its newline. */
export const mostRecordBytes = 16 * 1024;

/** What is told of an act; the writer adds who it is and where in the chain it stands. */
export interface LedgerEntry {
  readonly issue?: number;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly actor: LedgerActor;
  /** The person who asked for it: a login. */
  readonly on_behalf_of?: string;
  /** As whom GitHub or the coordinator knew the process. */
  readonly auth?: { readonly sub: string; readonly workflow_ref?: string };
  readonly act: LedgerAct;
  readonly decision?: LedgerDecision;
  readonly git?: { readonly base?: string; readonly head?: string; readonly diff_sha256?: string };
  readonly usage?: LedgerUsage;
  readonly cost_microusd?: number;
  /** How many secrets were taken out of the texts of this record before it was hashed, by which rules. */
  readonly redaction?: { readonly ruleset: string; readonly count: number };
  readonly blobs?: readonly BlobReference[];
  /** Only in a writer's last record. */
  readonly seal?: LedgerSeal;
}

export interface LedgerActor {
  readonly kind: (typeof actorKinds)[number];
  /** `coder`, `publisher`, `octocat`. */
  readonly id: string;
  readonly version?: string;
  readonly model?: string;
}

export interface LedgerAct {
  readonly class: (typeof actClasses)[number];
  /** `bash`, `POST /repos/{owner}/{repo}/pulls`, `claim.acquire`. */
  readonly name: string;
  /** An intent is on the disk before the act begins. */
  readonly phase: (typeof actPhases)[number];
  /** Of a result: the id of its intent. */
  readonly intent?: string;
  /** What it is done to: `src/slug.ts`, `octo/slug#12`. */
  readonly target?: string;
  /** HMAC-SHA-256 of what went in and came out, under a key of the subject: says that it was this text to whoever has both. */
  readonly args_hmac?: string;
  readonly out_hmac?: string;
  readonly exit?: number;
  readonly outcome?: (typeof actOutcomes)[number];
  readonly dur_ms?: number;
}

export interface LedgerDecision {
  /** `actor-policy`, `patch-policy`, `network`. */
  readonly policy: string;
  readonly verdict: (typeof verdicts)[number];
  readonly reason: string;
}

export interface LedgerUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
}

export interface BlobReference {
  readonly name: (typeof blobNames)[number];
  /** Where it lies: `blobs/<subject>/<id>`. */
  readonly key: string;
  /** Of what is stored, which is encrypted. */
  readonly sha256: string;
  readonly bytes: number;
}

/** That nothing was cut off at the end. */
export interface LedgerSeal {
  /** Of this writer, with this one. */
  readonly records: number;
  /** In the record that ends the run: every other writer of it. */
  readonly writers?: readonly SealedWriter[];
}

export interface SealedWriter {
  readonly writer: string;
  readonly records: number;
  /** SHA-256 of its last line. */
  readonly head: string;
}

export const actorKinds = ['agent', 'service', 'person'] as const;
export const actClasses = ['run', 'tool', 'model', 'github', 'claim', 'policy'] as const;
export const actPhases = ['intent', 'result'] as const;
export const actOutcomes = ['ok', 'failed', 'refused', 'unknown'] as const;
export const verdicts = ['allow', 'deny', 'ask'] as const;
export const blobNames = ['args', 'out'] as const;

/** 64 digits. */
export const digestShape: Shape<string> = {
  wrong: (value, field) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? undefined : { field, wanted: '64 hexadecimal digits' },
};

export const sealShape: Shape<LedgerSeal> = groupOf<LedgerSeal>({
  required: { records: count },
  optional: {
    writers: listOf(
      groupOf<SealedWriter>({ required: { writer: text, records: count, head: digestShape }, optional: {} }),
    ),
  },
});

/** What a line must be to be one of ours. What a newer version adds is left alone. */
export const recordShape: Shape<LedgerRecord> = groupOf<LedgerRecord>({
  required: {
    v: oneOf([ledgerVersion]),
    id: text,
    ts: count,
    seq: count,
    prev: digestShape,
    repo: text,
    run: text,
    attempt: count,
    writer: text,
    actor: groupOf<LedgerActor>({
      required: { kind: oneOf(actorKinds), id: text },
      optional: { version: text, model: text },
    }),
    act: groupOf<LedgerAct>({
      required: { class: oneOf(actClasses), name: text, phase: oneOf(actPhases) },
      optional: {
        intent: text,
        target: text,
        args_hmac: digestShape,
        out_hmac: digestShape,
        exit: count,
        outcome: oneOf(actOutcomes),
        dur_ms: count,
      },
    }),
  },
  optional: {
    issue: count,
    trace_id: text,
    span_id: text,
    on_behalf_of: text,
    auth: groupOf<NonNullable<LedgerRecord['auth']>>({ required: { sub: text }, optional: { workflow_ref: text } }),
    decision: groupOf<LedgerDecision>({
      required: { policy: text, verdict: oneOf(verdicts), reason: text },
      optional: {},
    }),
    git: groupOf<NonNullable<LedgerRecord['git']>>({
      required: {},
      optional: { base: text, head: text, diff_sha256: digestShape },
    }),
    usage: groupOf<LedgerUsage>({
      required: { input_tokens: count, output_tokens: count, cache_read_tokens: count, cache_write_tokens: count },
      optional: {},
    }),
    cost_microusd: count,
    redaction: groupOf<NonNullable<LedgerRecord['redaction']>>({
      required: { ruleset: text, count },
      optional: {},
    }),
    blobs: listOf(
      groupOf<BlobReference>({
        required: { name: oneOf(blobNames), key: text, sha256: digestShape, bytes: count },
        optional: {},
      }),
    ),
    seal: sealShape,
  },
});
