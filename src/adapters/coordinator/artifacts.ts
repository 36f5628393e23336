import type { TransferUrl } from '../../ports/object-store.ts';
import type { RunArtifacts } from '../../ports/run-artifacts.ts';
import { downloadArtifact, listArtifacts, uploadArtifact } from '../../wire/endpoints/artifacts.ts';
import type { CoordinatorApi } from './coordinator-api.ts';
import { getObject, putObject } from './transfer-object.ts';

/** The coordinator's own store takes a file within a minute, and so does any other on a usable line. */
const attemptMs = 60_000;

/** Files of runs: the coordinator says where, the bytes go there straight. */
export function createCoordinatorArtifacts(api: CoordinatorApi): RunArtifacts {
  const { clock, fetch: send = globalThis.fetch } = api.options;
  /** Where the coordinator keeps files itself it tells a path, for it does not know under which address it was found. */
  const placed = (transfer: TransferUrl): TransferUrl =>
    transfer.url.startsWith('/') ? { ...transfer, url: `${api.options.url}${transfer.url}` } : transfer;
  const until = (signal?: AbortSignal): AbortSignal =>
    signal === undefined ? api.options.signal : AbortSignal.any([api.options.signal, signal]);
  return {
    upload: async (runId, artifact, body, { onProgress, signal } = {}) => {
      const { value } = await api.call(uploadArtifact, { params: { id: runId }, body: artifact });
      if (value.kind !== 'upload') return value;
      const sending = { clock, signal: until(signal), attemptMs, ...(onProgress && { onProgress }) };
      return { kind: await putObject(placed(value.transfer), body, sending) };
    },
    list: async (runId) => {
      const listed = await api.call(listArtifacts, { params: { id: runId } });
      return listed.kind === 'answer' ? listed.value.artifacts : undefined;
    },
    download: async (runId, name, signal) => {
      const offered = await api.call(downloadArtifact, { params: { id: runId, name } });
      if (offered.kind === 'refusal') return undefined;
      const { artifact, transfer } = offered.value;
      return { artifact, body: getObject(send, { artifact, transfer: placed(transfer) }, until(signal)) };
    },
  };
}
