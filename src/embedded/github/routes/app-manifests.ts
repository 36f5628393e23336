import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { notFound } from '../http/problem.ts';
import { type Call, created, globalRoute, param, type Route } from '../http/route.ts';
import { anyone } from '../identity/access.ts';
import { appOfSeed } from '../identity/app-seed.ts';
import { renderApp } from '../render/app.ts';
import { timestamp } from '../state/timestamp.ts';

/** The second half of registering an App from a manifest; the code alone proves who asks, as on GitHub. */
export const appManifestRoutes: readonly Route[] = [
  globalRoute('POST /app-manifests/{code}/conversions', anyone, convert),
];

async function convert(call: Call) {
  const { world } = call;
  const manifest = world.manifests.take(param(call, 'code'));
  if (manifest === undefined) throw notFound();
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    // The form in which GitHub hands keys out.
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const secret = randomBytes(20).toString('hex');
  const { name, url, description, owner, webhook, events, permissions } = manifest;
  const seed = {
    ...{ id: world.store.id(), slug: slugOf(name), name, owner, events, permissions },
    key: pair.publicKey,
    externalUrl: url,
    ...(description === undefined ? {} : { description }),
    ...(webhook === undefined ? {} : { webhook: { ...webhook, secret } }),
    installations: [],
  };
  const app = appOfSeed(world.store, seed, timestamp(world.clock));
  world.apps.register(app);
  return created({
    ...renderApp(world, app),
    client_id: `Iv23${randomBytes(8).toString('hex')}`,
    client_secret: randomBytes(20).toString('hex'),
    webhook_secret: webhook === undefined ? null : secret,
    pem: pair.privateKey,
  });
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
