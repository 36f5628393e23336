/** `application/vnd.github.diff`, `…v3.diff`, `…patch`: the caller wants text instead of JSON. */
export function diffMedia(accept: string): 'diff' | 'patch' | undefined {
  const match = /application\/vnd\.github\.(?:v3\.)?(diff|patch)/.exec(accept);
  return match?.[1] === 'diff' || match?.[1] === 'patch' ? match[1] : undefined;
}
