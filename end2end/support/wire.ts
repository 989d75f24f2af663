// A wire between the browser and the console that a test can cut and mend.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Wire {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  #whole = true;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => this.#join(near, host, port));
  }

  /** Listens on a free port and forwards to the console. */
  static async to(console: URL): Promise<Wire> {
    const wire = new Wire(console.hostname, Number(console.port));
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  /** The console's origin at this end of the wire. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Drops every connection, and every new one, until it is mended. */
  cut(): void {
    this.#whole = false;
    for (const end of this.#ends) end.destroy();
  }

  /** Connects again. */
  mend(): void {
    this.#whole = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, host: string, port: number): void {
    if (!this.#whole) {
      near.destroy();
      return;
    }
    const far = connect(port, host);
    for (const [end, other] of [[near, far], [far, near]] as const) {
      this.#ends.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.#ends.delete(end);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  }
}
