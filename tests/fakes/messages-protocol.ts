/** What the real API checks of a request and a fake must not forgive; undefined when all is well. */
export function findProtocolFault(body: unknown): string | undefined {
  if (!isFields(body)) return 'the body is not an object';
  if (typeof body['model'] !== 'string') return 'model: Field required';
  if (!Number.isSafeInteger(body['max_tokens']) || Number(body['max_tokens']) < 1) return 'max_tokens: must be above 0';
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  if (countMarks(body) > 4) return 'A maximum of 4 blocks with cache_control may be provided';
  let asked: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isFields(message) || !Array.isArray(message['content']))
      return `messages.${index}.content: Input should be a list`;
    const content = message['content'].filter(isFields);
    if (content.length === 0) return `messages.${index}: content must not be empty`;
    if (index === 0 && message['role'] !== 'user') return 'messages: first message must use the "user" role';
    const blank = content.find((block) => block['type'] === 'text' && String(block['text']).trim() === '');
    if (blank !== undefined) return `messages.${index}: text content blocks must contain non-whitespace text`;
    const fault = message['role'] === 'user' ? findResultFault(content, asked) : undefined;
    if (fault !== undefined) return `messages.${index}: ${fault}`;
    asked = content.filter((block) => block['type'] === 'tool_use').map((block) => String(block['id']));
  }
  return undefined;
}

function findResultFault(content: readonly Fields[], asked: readonly string[]): string | undefined {
  const answered = content
    .filter((block) => block['type'] === 'tool_result')
    .map((block) => String(block['tool_use_id']));
  const unasked = answered.find((id) => !asked.includes(id));
  if (unasked !== undefined) return `unexpected tool_use_id ${unasked} in tool_result blocks`;
  const open = asked.find((id) => !answered.includes(id));
  return open === undefined ? undefined : `tool_use ids were found without tool_result blocks: ${open}`;
}

function countMarks(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countMarks(item), 0);
  if (!isFields(value)) return 0;
  const own = value['cache_control'] === undefined ? 0 : 1;
  return Object.values(value).reduce<number>((sum, item) => sum + countMarks(item), own);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
