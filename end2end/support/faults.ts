// Faults of the simulated Fly.io: docs/faults.md tells all of them.
import type { Demo } from '../demo.ts';

/** What goes wrong, as the control of the simulator takes it. */
export type Fault = { kind: string } & Record<string, unknown>;

/** A fault with the requests that it is about. */
export interface FaultRule {
  fault: Fault;
  /** `all`, `graphql`, `machines`, `graphql:AppQuery`, `list-machines`, ... */
  route?: string;
  /** Name of a token of the simulator. */
  token?: string;
  after_ms?: number;
  for_ms?: number;
  period_ms?: number;
  skip?: number;
  next?: number;
  chance?: number;
  seed?: number;
}

/** Adds faults: one, several, or a preset by its name. Returns their ids. */
export async function addFaults(windsock: Demo, what: string | FaultRule | FaultRule[]): Promise<number[]> {
  const body = typeof what === 'string' ? { preset: what } : what;
  const answer = await windsock.control('POST', '/_story/faults', {}, body);
  return (answer as { added: number[] }).added;
}

/** How many requests each fault happened to, by its id. */
export async function faultHits(windsock: Demo): Promise<Map<number, number>> {
  const answer = await windsock.control('GET', '/_story/faults');
  const { faults } = answer as { faults: { id: number; hits: number }[] };
  return new Map(faults.map((fault) => [fault.id, fault.hits]));
}

/** Takes all faults away. */
export async function clearFaults(windsock: Demo): Promise<void> {
  await windsock.control('DELETE', '/_story/faults');
}
