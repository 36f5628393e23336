import type { AwsAccess, AwsServiceName } from './aws-access.ts';
import type { AwsFailure } from './aws-fault.ts';
import { type AwsProtocol, createProtocolCall } from './signed-call.ts';
import { parseXml, textOf, within, type XmlElement } from './xml.ts';

/** Services of the older kind: the operation is a field of a form, the answer is XML. */
export interface QueryService {
  readonly name: Extract<AwsServiceName, 'sts' | 'cloudformation'>;
  /** Of the API, as its date. */
  readonly version: string;
}

export const stsService: QueryService = { name: 'sts', version: '2011-06-15' };
export const cloudFormationService: QueryService = { name: 'cloudformation', version: '2010-05-15' };

export type QueryInput = Readonly<Record<string, string>>;

/** One operation and the element `<…Result>` of its answer; patience and errors are those of the signed call. */
export function createQueryCall(access: AwsAccess, service: QueryService) {
  return createProtocolCall(access, queryProtocol(service));
}

export function queryProtocol({ name, version }: QueryService): AwsProtocol<QueryInput, XmlElement> {
  return {
    service: name,
    write: (operation, input) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams({ Action: operation, Version: version, ...input }).toString(),
    }),
    read: (answer, text) => {
      const root = parseXml(text);
      const result = root?.children.find(({ name: child }) => child.endsWith('Result'));
      if (answer.ok && root !== undefined) return { answer: result ?? root };
      return { failure: readFailure(answer, root, text) };
    },
  };
}

function readFailure(answer: Response, root: XmlElement | undefined, text: string): AwsFailure {
  const error = root === undefined ? undefined : within(root, 'Error');
  const requestId = root === undefined ? undefined : textOf(root, 'RequestId');
  return {
    name: (error && textOf(error, 'Code')) ?? `HTTP ${answer.status}`,
    message: (error && textOf(error, 'Message')) ?? text.slice(0, 2_000),
    status: answer.status,
    ...(requestId !== undefined && { requestId }),
  };
}
