import { html } from 'hono/html';
import type { Account } from '../state/accounts.ts';
import type { Label } from '../state/issue-state.ts';
import type { Html } from './markdown-inline.ts';

export function avatar(account: Account): Html {
  return html`<img src="/_avatars/${account.id}.svg?${account.login}" alt="">`;
}

export function person(account: Account): Html {
  const bot = account.type === 'Bot' ? html` <span class="label">bot</span>` : '';
  return html`<b>${account.login.replace('[bot]', '')}</b>${bot}`;
}

export function labelChip(label: Label): Html {
  const color = /^[0-9a-f]{6}$/i.test(label.color) ? label.color : '888888';
  return html`<span class="label" title="${label.description ?? ''}">${dot(color)}${label.name}</span>`;
}

/** Colours are drawn, not styled: the page's policy allows no inline style. */
function dot(color: string): Html {
  return html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4.5" fill="#${color}"></circle></svg> `;
}

/** A picture for everybody: a letter on a colour that the id decides; people are round, bots are square. */
export function avatarSvg(account: Account | undefined): string {
  const hue = ((account?.id ?? 7) * 137) % 360;
  const letter =
    (account?.login ?? 'E')
      .replace(/[^A-Za-z0-9]/g, '')
      .charAt(0)
      .toUpperCase() || '?';
  const radius = account?.type === 'Bot' ? 9 : 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${hue} 62% 52%)"/><stop offset="1" stop-color="hsl(${(hue + 50) % 360} 62% 38%)"/></linearGradient></defs><rect width="40" height="40" rx="${radius}" fill="url(#g)"/><text x="20" y="27" font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="19" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
}
