// A server of files that stand ready, compressed: the fastest that a page of these bytes can come.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface File {
  type: string;
  body: Buffer;
  encoding: string | undefined;
}

export class PlainServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async of(files: Map<string, File>): Promise<PlainServer> {
    const server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      if (!file) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', file.type);
      if (file.encoding) response.setHeader('content-encoding', file.encoding);
      response.end(file.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PlainServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
