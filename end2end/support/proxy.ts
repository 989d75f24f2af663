// A bad network between the browser and the console: `windsock-proxy`, one for each test.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test as base } from '../fixtures.ts';

export { expect } from '../fixtures.ts';

/** How a connection ends. */
export type How = 'close' | 'reset' | 'silent';

/** How the proxy behaves; what is not named is as if it were not there. */
export interface Conditions {
  /** The conditions up to `recompress` are for paths that begin so. */
  only?: string;
  latency_ms?: number;
  bytes_per_second?: number;
  buffer_bytes?: number;
  cut?: { after_bytes?: number; after_ms?: number; how?: How };
  status?: { status: number; for_ms?: number; next?: number; retry_after?: number };
  recompress?: boolean;
  heeds_accel_buffering?: boolean;
  heeds_no_transform?: boolean;
  idle_ms?: number;
  upstream_http10?: boolean;
  silent?: boolean;
  http1_only?: boolean;
  strip_request_headers?: string[];
  strip_response_headers?: string[];
  prefix?: string;
}

interface State {
  conditions: Conditions;
  counts: { connections: number; requests: number };
}

export class Proxy {
  readonly #process: ChildProcess;
  readonly #control: string;
  /** The console's origin on this side of the proxy. */
  readonly url: string;

  private constructor(child: ChildProcess, announced: { url: string; control: string }) {
    this.#process = child;
    this.#control = announced.control;
    this.url = announced.url;
  }

  /** Starts one in front of the console. */
  static async before(console: string): Promise<Proxy> {
    const binary = process.env['WINDSOCK_PROXY_BIN'];
    if (!binary) throw new Error('WINDSOCK_PROXY_BIN is not set; run these tests with `cargo xtask e2e`');
    const child = spawn(binary, ['--to', new URL(console).host, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`windsock-proxy ended with ${code}`)));
    });
    return new Proxy(child, JSON.parse(line) as { url: string; control: string });
  }

  /** Behaves so from now on. Answers that are under way keep what they began with, but for silence. */
  async set(conditions: Conditions): Promise<void> {
    await this.#ask('PUT', 'conditions', JSON.stringify(conditions));
  }

  /** Behaves as if it were not there. */
  async clear(): Promise<void> {
    await this.#ask('DELETE', 'conditions');
  }

  /** Ends every connection that is open. */
  async endConnections(how: Exclude<How, 'silent'> = 'close'): Promise<void> {
    await this.#ask('POST', `end?how=${how}`);
  }

  async state(): Promise<State> {
    return this.#ask('GET', 'state');
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }

  async #ask(method: string, path: string, body?: string): Promise<State> {
    const answer = await fetch(`${this.#control}/_proxy/${path}`, body === undefined ? { method } : { method, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as State;
  }
}

/** As `test` of the fixtures, with the browser on the far side of a proxy. */
export const test = base.extend<{ network: Proxy }>({
  network: async ({ windsock }, use) => {
    const proxy = await Proxy.before(windsock.url);
    await use(proxy);
    await proxy.stop();
  },

  baseURL: async ({ network }, use) => {
    await use(network.url);
  },
});
