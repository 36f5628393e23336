const form = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

export function parseVersion(text) {
  const match = form.exec(text);
  if (match === null) throw new TypeError(`${text} is not a version`);
  const [, major, minor, patch, pre] = match;
  return {
    numbers: [major, minor, patch].map((part) => Number(part ?? 0)),
    pre: pre === undefined ? [] : pre.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}
