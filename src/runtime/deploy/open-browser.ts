import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { leadingPage } from './app-page.ts';

const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer.exe' };

/**
 * Asks the desktop to show a page. Whether it did nobody tells, so the address is printed all the same. Arguments of a process can
 * be read by everybody on the machine, so what is opened is a file of ours that leads there.
 */
export function openBrowser(url: string): void {
  const file = leadingFile(url);
  const opener = openers[process.platform] ?? 'xdg-open';
  const child = spawn(opener, [pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  // No desktop here.
  child.on('error', () => undefined);
  child.unref();
}

/** In a folder that only its owner may look into; gone with this process, as the page is that it leads to. */
export function leadingFile(url: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'entropy-page-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'open.html');
  writeFileSync(file, leadingPage(url), { mode: 0o600, flag: 'wx' });
  return file;
}
