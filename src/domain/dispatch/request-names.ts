import type { QueuedDelivery } from './queued-message.ts';

/** What a request's run and its claim are called. */
export interface RequestNames {
  /** A ULID. */
  readonly runId: string;
  readonly leaseId: string;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of 80 bits, in hexadecimal digits. */
const randomDigits = 20;

/**
 * Names made of the delivery alone: whoever is handed it again, after a crash or twice at once, names the same run and the same
 * lease, finds what was written before and writes nothing twice. Only work that was given up, and that a person hands out
 * anew, gets new ones (`givenUp`: how often it was).
 */
export function requestNames(
  { receivedAt, bodySha256 }: Pick<QueuedDelivery, 'receivedAt' | 'bodySha256'>,
  givenUp: number,
): RequestNames {
  const at = receivedAt + givenUp;
  return {
    runId: ulidOf(at, bodySha256.slice(0, randomDigits)),
    leaseId: ulidOf(at, bodySha256.slice(randomDigits, 2 * randomDigits)),
  };
}

/** 48 bits of time and 80 bits of what else: https://github.com/ulid/spec */
function ulidOf(at: number, hex80: string): string {
  return base32(BigInt(at), 10) + base32(BigInt(`0x${hex80}`), 16);
}

function base32(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = crockford.charAt(Number(rest % 32n)) + text;
    rest /= 32n;
  }
  return text;
}
