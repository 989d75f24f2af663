// A wire between the browser and the console that a test can cut and mend.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Wire {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  readonly #streams = new Map<Socket, Socket>();
  #whole = true;
  #holds = false;

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

  /** How many live streams are open now, as the console sees them. */
  get streams(): number {
    return this.#streams.size;
  }

  /** From now on nothing more comes over the streams that are open: no end either. */
  silence(): void {
    for (const far of this.#streams.values()) far.pause();
  }

  /** From now on only the heads of streams come through, as with a proxy that buffers. */
  holdStreamsBack(): void {
    this.#holds = true;
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
        this.#streams.delete(near);
        other.destroy();
      });
    }
    near.on('data', (chunk: Buffer) => {
      // The browser sends each request in one piece, and the next one after the answer.
      if (chunk.subarray(0, 12).toString() === 'GET /events?') this.#streams.set(near, far);
      else this.#streams.delete(near);
    });
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      // The browser may keep the connection of a stream that was refused or is over.
      if (isRefusal(chunk) || isLast(chunk)) this.#streams.delete(near);
      const end = chunk.indexOf('\r\n\r\n') + 4;
      const held = this.#holds && this.#streams.has(near);
      if (held && !chunk.subarray(0, 5).equals(Buffer.from('HTTP/'))) return;
      near.write(held ? chunk.subarray(0, end) : chunk);
    });
    far.on('end', () => near.end());
  }
}

/** The head of an answer that is no stream. */
function isRefusal(chunk: Buffer): boolean {
  const head = chunk.subarray(0, 12).toString();
  return head.startsWith('HTTP/1.1 ') && !head.endsWith('200');
}

/** The end of a body that came in chunks (RFC 9112, 7.1): the frames of a stream end otherwise. */
function isLast(chunk: Buffer): boolean {
  return chunk.subarray(-5).toString() === '0\r\n\r\n';
}
