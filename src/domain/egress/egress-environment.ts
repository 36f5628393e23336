/** Where a sandbox with an allow-list finds the proxy: an address of its own loopback that no test's server takes. */
export const egressProxy = { host: '127.0.0.2', port: 18_118 } as const;

/** The certificate of the run's own authority, inside; the proxy signs with it in the name of allowed hosts. */
export const egressCertificate = '/etc/entropy/ca.pem';
/** The same for Java, beside it. */
export const egressKeyStore = '/etc/entropy/ca.p12';

/** Maven's settings for it, beside the certificate. */
export const mavenSettings = '/etc/entropy/maven-settings.xml';
export const mavenSettingsText = `<settings><proxies><proxy><id>egress</id><active>true</active><protocol>http</protocol><host>${egressProxy.host}</host><port>${egressProxy.port}</port><nonProxyHosts>localhost|127.*</nonProxyHosts></proxy></proxies></settings>
`;

const proxyUrl = `http://${egressProxy.host}:${egressProxy.port}`;
const ownNames = 'localhost,127.0.0.1,::1,sandbox';

/**
 * Tells programs of the proxy, and whom to trust. None of it protects anything: there is no other way out, and what does not
 * read these variables reaches nothing.
 */
export const egressEnvironment: Readonly<Record<string, string>> = {
  ...inBothCases({ HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl, ALL_PROXY: proxyUrl, NO_PROXY: ownNames }),
  // fetch and http of Node 24 read the variables above only when told to.
  NODE_USE_ENV_PROXY: '1',
  YARN_HTTPS_PROXY: proxyUrl,
  JAVA_TOOL_OPTIONS: javaProperties({
    ...javaProxy('https'),
    ...javaProxy('http'),
    'http.nonProxyHosts': 'localhost|127.*|[::1]|sandbox',
    'javax.net.ssl.trustStore': egressKeyStore,
    'javax.net.ssl.trustStoreType': 'PKCS12',
  }),
  // Maven reads no properties for its proxy, only settings; and this variable since 3.9.
  MAVEN_ARGS: `-gs ${mavenSettings}`,
  ...Object.fromEntries(
    [
      'SSL_CERT_FILE',
      'NODE_EXTRA_CA_CERTS',
      'npm_config_cafile',
      'YARN_HTTPS_CA_FILE_PATH',
      'CURL_CA_BUNDLE',
      'GIT_SSL_CAINFO',
      'REQUESTS_CA_BUNDLE',
      'PIP_CERT',
      'CARGO_HTTP_CAINFO',
      'BUNDLE_SSL_CA_CERT',
      'DENO_CERT',
      'NIX_SSL_CERT_FILE',
    ].map((name) => [name, egressCertificate]),
  ),
};

function javaProxy(scheme: 'http' | 'https'): Readonly<Record<string, string>> {
  return { [`${scheme}.proxyHost`]: egressProxy.host, [`${scheme}.proxyPort`]: String(egressProxy.port) };
}

function javaProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `-D${name}=${value}`)
    .join(' ');
}

function inBothCases(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}
