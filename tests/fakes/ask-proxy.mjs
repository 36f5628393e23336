// Runs inside a sandbox: asks the proxy as no well-meaning program would. Standard input is a JSON list of questions
// { authority, sni?, host?, method?, path?, headers?, body?, raw? }; standard output one line for each with what came of it.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

const proxy = new URL(process.env.HTTPS_PROXY ?? 'http://127.0.0.2:18118');

function ask({ authority, sni, host, method = 'GET', path = '/', headers = {}, body = '', raw }) {
  return new Promise((resolve) => {
    const socket = connect({ host: proxy.hostname, port: Number(proxy.port) });
    const end = (text) => {
      resolve(text);
      socket.destroy();
    };
    socket.setTimeout(5000, () => end('silence'));
    socket.on('error', ({ code }) => end(`broken ${code}`));
    const closed = () => end('closed');
    socket.on('close', closed);
    socket.on('connect', () => socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
    socket.once('data', (first) => {
      const [, status] = String(first).split(' ');
      if (status !== '200') return end(`no tunnel ${status}`);
      if (raw !== undefined) {
        socket.on('data', () => end('tunnelled'));
        return socket.write(raw);
      }
      const name = authority.slice(0, authority.lastIndexOf(':'));
      // From here on TLS tells of the end, after all that was said.
      socket.off('close', closed);
      const tls = connectTls({ socket, servername: sni ?? name, rejectUnauthorized: false });
      tls.on('error', ({ code }) => end(`no tls ${code}`));
      tls.on('secureConnect', () => {
        const lines = Object.entries({ host: host ?? name, connection: 'close', ...headers });
        const length = body === '' ? [] : [['content-length', Buffer.byteLength(body)]];
        const head = [...lines, ...length].map(([key, value]) => `${key}: ${value}\r\n`).join('');
        tls.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
      });
      let answer = '';
      tls.on('data', (chunk) => (answer += chunk));
      tls.on('close', () =>
        end(answer === '' ? 'closed' : `${answer.split(' ')[1]} ${answer.split('\r\n\r\n')[1] ?? ''}`),
      );
    });
  });
}

for (const question of JSON.parse(readFileSync(0, 'utf8'))) {
  console.log(JSON.stringify((await ask(question)).trim().slice(0, 200)));
}
process.exit(0);
