import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What happens to a request on its way to DynamoDB. */
export type Fault =
  | 'none'
  /** It is carried out, and the answer never arrives. */
  | 'answer-lost'
  /** It never arrives. */
  | 'request-lost'
  /** It arrives twice; the first answer counts. */
  | 'twice'
  | 'server-error'
  | 'throttled'
  /** Another transaction had its hands on the item. */
  | 'conflict';

export interface FaultyProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** One for each request to come; after the last one nothing happens any more. */
  plan(faults: readonly Fault[]): void;
  /** What was carried out, as `UpdateItem`, duplicates too. */
  readonly arrived: readonly string[];
}

/** Stands between the store and DynamoDB and does what networks do. */
export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  let planned: Fault[] = [];
  const arrived: string[] = [];

  const forward = async (request: IncomingMessage, body: Buffer<ArrayBuffer>) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      const carried = !['host', 'connection', 'content-length', 'expect'].includes(name);
      if (carried && typeof value === 'string') headers.set(name, value);
    }
    arrived.push(operationOf(request));
    const answer = await fetch(upstream, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const fault = planned.shift() ?? 'none';
    const made = madeAnswer(fault, operationOf(request));
    if (made !== undefined) {
      send(response, made);
      return;
    }
    if (fault === 'request-lost') {
      response.socket?.destroy();
      return;
    }
    const answer = await forward(request, body);
    if (fault === 'twice') await forward(request, body);
    if (fault === 'answer-lost') response.socket?.destroy();
    else send(response, answer);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    plan: (faults) => {
      planned = [...faults];
    },
    arrived,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
}

/** `DynamoDB_20120810.UpdateItem`. */
function operationOf(request: IncomingMessage): string {
  return String(request.headers['x-amz-target']).replace(/^.*\./, '');
}

/** In the words of DynamoDB, without asking it. */
function madeAnswer(fault: Fault, operation: string): Answer | undefined {
  const transaction = operation === 'TransactWriteItems';
  const writes = transaction || operation === 'UpdateItem' || operation === 'PutItem';
  if (fault === 'server-error') return { status: 500, text: told('InternalServerError', 'Internal server error') };
  if (fault === 'throttled') {
    return { status: 400, text: told('ProvisionedThroughputExceededException', 'The level of throughput is exceeded') };
  }
  if (fault !== 'conflict' || !writes) return undefined;
  if (!transaction) return { status: 400, text: told('TransactionConflictException', 'Transaction is ongoing') };
  const reasons = [{ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }, { Code: 'None' }];
  return {
    status: 400,
    text: told('TransactionCanceledException', 'Transaction cancelled [TransactionConflict, None]', {
      CancellationReasons: reasons,
    }),
  };
}

function told(type: string, message: string, more: object = {}): string {
  return JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, ...more });
}
