// What a test lets happen now, beside the story: the changes of a story file.
import type { Demo, Position } from '../demo.ts';
import { HEALTHY } from './story.ts';

/** One change, as `simulator/stories/README.md` tells them. */
export type Change = { change: string; app: string } & Record<string, unknown>;

/** Lets these happen at once, a moment after all before. Windsock sees them at its next poll. */
export async function tell(windsock: Demo, changes: Change[]): Promise<void> {
  // Where a log was read to its end is a moment: while the clock stands still nothing comes after it.
  const { position } = (await windsock.control('GET', '/_story/list')) as { position: Position };
  await windsock.jump(new Date(Date.parse(position.now) + 100).toISOString());
  await windsock.control('POST', '/_story/tell', {}, changes);
}

/** A machine of the healthy app writes lines, numbered from `from` on. */
export async function writeLines(windsock: Demo, machine: string, from: number, count: number): Promise<void> {
  const line = (number: number): Change => ({
    change: 'log',
    app: HEALTHY,
    instance: machine,
    level: 'info',
    message: `line ${number}`,
  });
  await tell(windsock, Array.from({ length: count }, (_, number) => line(from + number)));
}

/** The identifiers of so many further machines. */
export function machineIds(count: number): string[] {
  return Array.from({ length: count }, (_, number) => (0x10000000000000 + number).toString(16));
}

/** The healthy app gets further machines, which run and have no checks. */
export async function createMachines(windsock: Demo, ids: string[], state = 'started'): Promise<void> {
  const machine = (id: string) => ({
    id,
    name: `busy-${id}`,
    group: 'app',
    state,
    region: 'ams',
    instance_id: '01FG0420HKV6TDT7DX0G50WXYZ',
    private_ip: 'fdaa:0:1::3',
    release: 42,
    created_at: '2021-09-20T09:15:00Z',
  });
  await tell(windsock, ids.map((id) => ({ change: 'machine-created', app: HEALTHY, machine: machine(id) })));
}

/** These machines are in another state from now on. */
export async function setStates(windsock: Demo, ids: string[], state: string): Promise<void> {
  await tell(windsock, ids.map((machine) => ({ change: 'machine-changed', app: HEALTHY, machine, set: { state } })));
}
