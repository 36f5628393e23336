/** Where the Messages API is unless somebody says otherwise. */
export const anthropicApi = 'https://api.anthropic.com';
