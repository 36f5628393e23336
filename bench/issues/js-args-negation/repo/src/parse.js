import { UsageError } from './usage-error.js';

/** Arguments by their declarations: `{ name: { type: 'boolean' | 'text' } }`. */
export function parse(args, declared) {
  const options = {};
  const operands = [];
  const waiting = [...args];
  while (waiting.length > 0) {
    const arg = waiting.shift();
    if (!arg.startsWith('--')) {
      operands.push(arg);
      continue;
    }
    const name = arg.slice(2);
    const declaration = declared[name];
    if (declaration === undefined) throw new UsageError(`unknown option ${arg}`);
    if (declaration.type === 'boolean') options[name] = true;
    else options[name] = valueFor(arg, waiting);
  }
  return { options, operands };
}

function valueFor(arg, waiting) {
  const value = waiting.shift();
  if (value === undefined || value.startsWith('--')) throw new UsageError(`${arg} needs a value`);
  return value;
}
