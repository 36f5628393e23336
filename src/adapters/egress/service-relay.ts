import { connect, type Socket } from 'node:net';

const most = 256;

export interface ServiceRelay {
  accept(inside: Socket): void;
  close(): void;
}

/** Lets connections through to one port of the machine's own loopback: a database, a queue; both ends know nothing of it. */
export function relayService(port: number): ServiceRelay {
  const open = new Set<Socket>();
  return {
    accept(inside) {
      if (open.size >= most) return void inside.destroy();
      open.add(inside);
      inside.once('close', () => open.delete(inside));
      const outside = connect({ host: '127.0.0.1', port });
      join(inside, outside);
      join(outside, inside);
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** One direction. An orderly end is passed on when all is written; a connection that breaks breaks the other one. */
function join(from: Socket, to: Socket): void {
  from.on('error', () => to.destroy());
  from.once('close', () => {
    if (!from.readableEnded) to.destroy();
  });
  from.pipe(to);
}
