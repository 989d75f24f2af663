// One `windsock demo` process: a console, a simulated Fly.io behind it, and the control of its story.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Which of the simulated addresses fails. */
export type Api = 'graphql' | 'machines' | 'all';
/** How it fails. */
export type Outage = 'off' | 'down' | 'hang' | 'status-503';

/** Where a story is. */
export interface Position {
  now: string;
  playing: boolean;
  step: number;
  steps: number;
  next: string | null;
}

interface Announcement {
  url: string;
  control: string;
  token: string;
}

const STARTS_WITHIN = 20_000;
const STOPS_WITHIN = 7_000;

export class Demo {
  readonly #story: string | undefined;
  readonly #log: string[] = [];
  #process: ChildProcess;
  #announcement: Announcement;

  private constructor(story: string | undefined, started: Started) {
    this.#story = story;
    this.#process = started.child;
    this.#announcement = started.announcement;
    this.#keepLog();
  }

  /** Starts a paused story on free ports. */
  static async start(story?: string): Promise<Demo> {
    return new Demo(story, await launch(story, '127.0.0.1:0'));
  }

  /** Starts the story anew, at the address where it was before. Nobody is signed in any more. */
  async startAgain(): Promise<void> {
    const started = await launch(this.#story, new URL(this.url).host);
    this.#process = started.child;
    this.#announcement = started.announcement;
    this.#keepLog();
  }

  /** The console's origin. */
  get url(): string {
    return this.#announcement.url;
  }

  /** A token that signs in. */
  get token(): string {
    return this.#announcement.token;
  }

  /** What the process wrote to its log. */
  get log(): string {
    return this.#log.join('');
  }

  /** Applies the next fact of the story. The console sees it at its next poll. */
  async step(): Promise<Position> {
    const answer = (await this.#ask('POST', '/_story/step')) as { position: Position };
    return answer.position;
  }

  /** Jumps to a moment of the story (a time, or the number of a step). */
  async jump(to: string | number): Promise<Position> {
    return (await this.#ask('POST', '/_story/jump', { to: String(to) })) as Position;
  }

  /** How many requests the simulated Fly.io got, by kind. */
  async requests(): Promise<Record<string, unknown>> {
    return (await this.#ask('GET', '/_story/requests')) as Record<string, unknown>;
  }

  /** Makes one of the simulated addresses fail, or work again with `off`. */
  async outage(api: Api, mode: Outage): Promise<void> {
    await this.#ask('POST', '/_story/outage', { api, mode });
  }

  /** Makes every watch ask Fly now; resolves when the answers are in. */
  async poll(): Promise<void> {
    await this.#ask('POST', '/_windsock/poll');
  }

  /** Any other request to the control. */
  async control(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    query: Record<string, string> = {},
    body?: unknown,
  ): Promise<unknown> {
    return this.#ask(method, path, query, body);
  }

  /** Ends the process; the promise resolves when it is gone. */
  async stop(): Promise<void> {
    const impatient = setTimeout(() => this.#process.kill('SIGKILL'), STOPS_WITHIN);
    await this.#end('SIGTERM');
    clearTimeout(impatient);
  }

  /** Ends the process without a chance to say goodbye, as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill(signal);
    await gone;
  }

  #keepLog(): void {
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#log.push(chunk.toString()));
  }

  async #ask(method: string, path: string, query: Record<string, string> = {}, body?: unknown): Promise<unknown> {
    const url = new URL(path, this.#announcement.control);
    url.search = new URLSearchParams(query).toString();
    const answer = await fetch(url, body === undefined ? { method } : { method, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url.pathname}${url.search}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

interface Started {
  child: ChildProcess;
  announcement: Announcement;
}

async function launch(story: string | undefined, address: string): Promise<Started> {
  const binary = process.env['WINDSOCK_BIN'];
  if (!binary) throw new Error('WINDSOCK_BIN is not set; run these tests with `cargo xtask e2e`');
  const options = ['demo', '--json', '--paused', '--addr', address, '--control-addr', '127.0.0.1:0'];
  if (story) options.push('--story', story);
  const child = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  const listen = (chunk: Buffer) => complaints.push(chunk.toString());
  child.stderr.on('data', listen);
  try {
    return { child, announcement: await announcement(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${complaints.join('')}`);
  } finally {
    child.stderr.off('data', listen);
  }
}

/** The first line of the output says where everything is. */
function announcement(child: ChildProcess): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('windsock demo announced nothing')), STARTS_WITHIN);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`windsock demo ended with ${code} at start`)));
    const lines = createInterface({ input: child.stdout! });
    lines.once('line', (line) => {
      clearTimeout(late);
      try {
        resolve(JSON.parse(line) as Announcement);
      } catch {
        reject(new Error(`windsock demo announced \`${line}\`, which is not JSON`));
      }
    });
  });
}
