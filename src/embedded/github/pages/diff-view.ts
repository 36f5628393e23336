import { html } from 'hono/html';
import type { FileChange } from '../git/diff.ts';
import type { Html } from './markdown-inline.ts';

/** A page is for reading; what is longer is read elsewhere. */
const maxLines = 1500;
const maxFiles = 100;

/** What is said below a line of the diff. */
export type LineRemark = (path: string, side: 'LEFT' | 'RIGHT', line: number) => Html | undefined;

export function diffView(files: readonly FileChange[], remark: LineRemark = () => undefined): Html {
  const shown = files.slice(0, maxFiles).map((file) => fileView(file, remark));
  const more =
    files.length > maxFiles ? html`<p class="dim">${files.length - maxFiles} more files are not shown here.</p>` : '';
  return html`${shown}${more}`;
}

function fileView(file: FileChange, remark: LineRemark): Html {
  const name = file.previousPath === undefined ? file.path : `${file.previousPath} → ${file.path}`;
  const state = file.status === 'modified' ? '' : html`<span class="label">${file.status}</span>`;
  return html`<section class="box" id="${file.path}"><header><b class="mono">${name}</b>${state}<span class="right"><span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span></span></header>${
    file.patch === undefined
      ? html`<div class="empty">${emptyReason(file)}</div>`
      : patchTable(file.path, file.patch, remark)
  }</section>`;
}

function emptyReason(file: FileChange): string {
  if (file.status === 'renamed') return 'Moved without a change.';
  return file.additions + file.deletions === 0
    ? 'Binary file, empty file, or a change of its mode only.'
    : 'This diff is too large to be shown.';
}

function patchTable(path: string, patch: string, remark: LineRemark): Html {
  const lines = patch.split('\n');
  let [left, right] = [0, 0];
  const rows = lines.slice(0, maxLines).map((text) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (hunk !== null) {
      left = Number(hunk[1]);
      right = Number(hunk[2]);
      return html`<tr class="hunk"><td class="n"></td><td class="n"></td><td>${text}</td></tr>`;
    }
    switch (text.charAt(0)) {
      case '+':
        return html`<tr class="add"><td class="n"></td><td class="n">${right}</td><td>${text}</td></tr>${below(remark(path, 'RIGHT', right++))}`;
      case '-':
        return html`<tr class="del"><td class="n">${left}</td><td class="n"></td><td>${text}</td></tr>${below(remark(path, 'LEFT', left++))}`;
      case ' ':
        return html`<tr><td class="n">${left++}</td><td class="n">${right}</td><td>${text}</td></tr>${below(remark(path, 'RIGHT', right++))}`;
      default:
        return html`<tr class="hunk"><td class="n"></td><td class="n"></td><td>${text}</td></tr>`;
    }
  });
  const cut =
    lines.length > maxLines
      ? html`<tr class="hunk"><td class="n"></td><td class="n"></td><td>${lines.length - maxLines} more lines</td></tr>`
      : '';
  return html`<div class="scroll"><table class="code">${rows}${cut}</table></div>`;
}

function below(said: Html | undefined): Html | string {
  return said === undefined ? '' : html`<tr class="say"><td colspan="3">${said}</td></tr>`;
}
