/** The blocks of a conversation with a model; close to the Messages API, which all adapters can express. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

/** Reasoning that a provider wants back unchanged in the next request; nobody else reads it. */
export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly opaque: unknown;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly toolUseId: string;
  readonly content: string;
  readonly isError: boolean;
}

export type AssistantBlock = TextBlock | ThinkingBlock | ToolUseBlock;
export type UserBlock = TextBlock | ToolResultBlock;

export type Message =
  | { readonly role: 'user'; readonly content: readonly UserBlock[]; readonly cache?: boolean }
  | { readonly role: 'assistant'; readonly content: readonly AssistantBlock[] };
