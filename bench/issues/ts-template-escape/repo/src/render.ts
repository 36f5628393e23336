import { escapeHtml } from './escape.ts';

export type Values = Readonly<Record<string, string | number | undefined>>;

export function render(template: string, values: Values): string {
  return template
    .replace(/\{\{\{(\w+)\}\}\}/g, (_, name: string) => text(values, name))
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => escapeHtml(text(values, name)))
    .replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => text(values, name));
}

function text(values: Values, name: string): string {
  return String(values[name]);
}
