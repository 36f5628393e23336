import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { readManifest } from '../identity/read-manifest.ts';
import type { World } from '../world.ts';
import { page } from './layout.ts';

/**
 * The first half of registering an App from a manifest. On GitHub a person signs in, sees the name and agrees; here nobody
 * signs in, so posting the manifest is agreeing. A program that plays the browser follows the redirect with the code.
 */
export function addNewAppPage(app: Hono, world: World): void {
  const show = (context: Context, body: ReturnType<typeof html>, status: 200 | 422 = 200) =>
    context.html(page({ title: 'New GitHub App', body }), status, safety);
  for (const path of ['/settings/apps/new', '/organizations/:owner/settings/apps/new']) {
    app.get(path, (context) =>
      show(
        context,
        html`<h1>New GitHub App</h1>
<form method="post" action="${new URL(context.req.url).pathname}?state=${context.req.query('state') ?? ''}">
<p><textarea name="manifest" rows="20" cols="80"></textarea></p><p><button>Create GitHub App</button></p></form>`,
      ),
    );
    app.post(path, async (context) => {
      const asked = context.req.param('owner');
      const owner = asked ?? world.store.accounts.all().find(({ type }) => type === 'User')?.login ?? '';
      const { manifest: text } = await context.req.parseBody();
      const read = readManifest(typeof text === 'string' ? text : '', owner);
      const known = world.store.accounts.find(owner) !== undefined;
      const refused = !known ? `there is no account ${owner}` : read.kind === 'refused' ? read.reason : undefined;
      if (read.kind === 'refused' || refused !== undefined) {
        return show(context, html`<h1>The manifest was refused</h1><p>${refused ?? ''}</p>`, 422);
      }
      const target = new URL(read.manifest.redirectUrl);
      target.searchParams.set('code', world.manifests.agree(read.manifest));
      const state = context.req.query('state');
      if (state !== undefined) target.searchParams.set('state', state);
      return context.redirect(target.href, 302);
    });
  }
}

/** The one page here with a form; it may post to this server and be sent on to wherever the manifest says. */
const safety = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
