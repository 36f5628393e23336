/** Everything that is written to the standard output of this process meanwhile; nothing of it is shown. */
export async function capturedOutput(work: () => unknown): Promise<string> {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  let text = '';
  const keep = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
  stdout.write = keep as typeof stdout.write;
  try {
    await work();
  } finally {
    stdout.write = write;
  }
  return text;
}
