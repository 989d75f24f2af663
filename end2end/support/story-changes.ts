// What each step of the story changes on the app's page, and that nothing else changes.
import { expect } from '@playwright/test';
import { FAILING, INSTANCE } from './story.ts';

/** What a cell said before and says after; `null` where it is not there. */
type Change = [unknown, unknown];

export interface StoryStep {
  /** The time of day of the step, and what happens then. */
  title: string;
  changes: Record<string, Change>;
}

const CHECK_FAILED = "Health check status changed 'warning' => 'critical'";
const CHECK_PASSED = "Health check status changed 'critical' => 'passing'";
const LISTENS = 'Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)';
const REFUSED = 'connect: connection refused';
const RESTART = 'Restart Signaled: healthcheck: check "0a33a4f86fa24b92a038e7a2786f7e82" unhealthy';

type Result = 'warning' | 'critical' | 'passing';
/** A check that has not passed yet is waited for; one that fails is a warning. */
const TONE_WITH: Record<Result, string> = { warning: 'busy', critical: 'warning', passing: 'good' };

const DEPLOYING = 'Deploying (busy)';
const UNHEALTHY = 'Unhealthy (bad)';
const DEPLOYMENT_FAILED = 'Deployment failed (warning)';

const some = expect.any(String) as unknown;
const holding = (text: string): unknown => expect.stringContaining(text);
const ending = (text: string): unknown => {
  const literally = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return expect.stringMatching(new RegExp(`${literally}$`));
};

/** Cells of the instance's row. */
function instance(cells: Record<string, Change>): Record<string, Change> {
  return Object.fromEntries(Object.entries(cells).map(([cell, change]) => [`instance ${INSTANCE} ${cell}`, change]));
}
/** When the instance was last changed, on the day of the story. */
function updated(from: string, to: string): Record<string, Change> {
  return instance({ updated: [`2021-09-22T${from}Z`, `2021-09-22T${to}Z`] });
}
/** The result of the one check, which also gives the state of the running instance its tone. */
function check(from: Result, to: Result): Record<string, Change> {
  const state = (result: Result) => `Running (${TONE_WITH[result]})`;
  return instance({
    checks: [`1 total, 1 ${from}`, `1 total, 1 ${to}`],
    state: [state(from), state(to)],
  });
}
/** The quoted log gets new lines, of which this is the last. */
function logged(last: string): Record<string, Change> {
  return { 'diagnosis log': [some, ending(last)] };
}
/** The evidence of the finding changes, and holds this. */
function evidence(text: string): Record<string, Change> {
  return { 'finding 1 evidence': [some, holding(text)] };
}

export const STORY: StoryStep[] = [
  {
    title: '20:21:33 release 14 is made',
    changes: {
      health: [DEPLOYMENT_FAILED, DEPLOYING],
      header: [holding('deployment-1632340327v13'), holding('deployment-1632342081v14')],
      'deployment version': ['v13', 'v14'],
      'deployment status': ['Failed (bad)', 'Pending (busy)'],
      'deployment facts': [holding('The deployment failed'), holding('The deployment has not begun')],
      'diagnosis heading': ['Why v13 failed', null],
      'diagnosis explanation': [some, null],
      'release v14': [null, 'v14Pending (busy)Ryan · deploy · 2021-09-22T20:21:33Z'],
      'release v4': [some, null],
    },
  },
  {
    title: '20:21:37 its deployment begins',
    changes: {
      'deployment status': ['Pending (busy)', 'Running (busy)'],
      'deployment counts': [
        '0 desired, 0 placed, 0 healthy, 0 unhealthy',
        '1 desired, 0 placed, 0 healthy, 0 unhealthy',
      ],
      'deployment bar': ['no instances', '1 not placed'],
      'deployment facts': [holding('The deployment has not begun'), holding('Deployment is running')],
      'release v14': [holding('Pending (busy)'), holding('Running (busy)')],
    },
  },
  {
    title: '20:21:38 an instance is placed',
    changes: {
      'deployment counts': [
        '1 desired, 0 placed, 0 healthy, 0 unhealthy',
        '1 desired, 1 placed, 0 healthy, 0 unhealthy',
      ],
      'deployment bar': ['1 not placed', '1 pending'],
      'instances empty': [some, null],
      'process groups': [holding('0 instances'), holding('1 instance ')],
      ...instance({
        id: [null, INSTANCE],
        process: [null, 'app'],
        version: [null, '14'],
        region: [null, 'sjc (San Jose)'],
        desired: [null, 'run'],
        state: [null, 'Pending (busy)'],
        checks: [null, '1 total, 1 warning'],
        restarts: [null, '0'],
        created: [null, '2021-09-22T20:21:38Z'],
        updated: [null, '2021-09-22T20:21:38Z'],
      }),
    },
  },
  { title: '20:21:41 a log line, which no panel shows yet', changes: {} },
  {
    title: '20:21:42 the instance starts',
    changes: { ...instance({ state: ['Pending (busy)', 'Running (busy)'] }), ...updated('20:21:38', '20:21:42') },
  },
  { title: '20:21:45 the app logs on which port it listens', changes: {} },
  {
    title: '20:21:58 the check fails, which makes a finding',
    changes: {
      health: [DEPLOYING, UNHEALTHY],
      ...check('warning', 'critical'),
      'diagnosis heading': [null, 'What is wrong · proven'],
      'finding 1': [null, 'The app listens on port 8080. Fly checks port 4000.'],
      'finding 1 evidence': [null, holding(REFUSED)],
      'finding 1 advice': [null, holding(`fly deploy -a ${FAILING} -e PORT=4000`)],
      'diagnosis log': [null, ending(CHECK_FAILED)],
    },
  },
  {
    title: '20:23:00 Nomad signals a restart',
    changes: { ...evidence(RESTART), ...updated('20:21:42', '20:23:00') },
  },
  {
    title: '20:23:04 the first restart',
    changes: { ...instance({ restarts: ['0', '1'] }), ...updated('20:23:00', '20:23:04') },
  },
  {
    title: '20:23:05 the check passes while nothing runs',
    changes: {
      health: [UNHEALTHY, DEPLOYING],
      ...check('critical', 'passing'),
    },
  },
  { title: '20:23:11 the instance starts', changes: updated('20:23:04', '20:23:11') },
  { title: '20:23:14 a log line', changes: logged('core dumped? false') },
  {
    title: '20:23:16 the check begins anew',
    changes: check('passing', 'warning'),
  },
  {
    title: '20:23:31 the check fails',
    changes: {
      health: [DEPLOYING, UNHEALTHY],
      ...check('warning', 'critical'),
      ...logged(CHECK_FAILED),
    },
  },
  {
    title: '20:24:28 Nomad signals a restart',
    changes: {
      ...evidence('2 times so far'),
      ...logged('SIGTERM received - shutting down'),
      ...updated('20:23:11', '20:24:28'),
    },
  },
  { title: '20:24:31 the process ends', changes: logged('Starting clean up.') },
  {
    title: '20:24:33 the second restart',
    changes: { ...instance({ restarts: ['1', '2'] }), ...updated('20:24:28', '20:24:33') },
  },
  {
    title: '20:24:34 the check passes while nothing runs, which the finding says',
    changes: {
      health: [UNHEALTHY, DEPLOYING],
      ...check('critical', 'passing'),
      ...evidence('Not a recovery'),
      ...logged(CHECK_PASSED),
    },
  },
  { title: '20:24:38 the machine is prepared', changes: logged('Preparing kernel init') },
  {
    title: '20:24:39 the instance starts',
    changes: { ...logged('Starting Elixir app: prod, DB='), ...updated('20:24:33', '20:24:39') },
  },
  { title: '20:24:40 a log line', changes: logged('pid: 547, exit code: 0') },
  {
    title: '20:24:41 the app logs again on which port it listens',
    changes: {
      ...evidence(`2021-09-22T20:24:41Zlog ${INSTANCE}20:24:41.764 [info] ${LISTENS}`),
      ...logged('http://crimson-wildflower-1711.fly.dev'),
    },
  },
  { title: '20:24:42 a log line', changes: logged('core dumped? false') },
  {
    title: '20:24:43 the check begins anew',
    changes: check('passing', 'warning'),
  },
  {
    title: '20:24:53 the check fails',
    changes: {
      health: [DEPLOYING, UNHEALTHY],
      ...check('warning', 'critical'),
      ...logged(CHECK_FAILED),
    },
  },
  {
    title: '20:25:56 Nomad signals a restart',
    changes: {
      ...evidence('3 times so far'),
      ...logged('SIGTERM received - shutting down'),
      ...updated('20:24:39', '20:25:56'),
    },
  },
  {
    title: '20:25:58 the deployment fails',
    changes: {
      'deployment status': ['Running (busy)', 'Failed (bad)'],
      'deployment counts': [
        '1 desired, 1 placed, 0 healthy, 0 unhealthy',
        '1 desired, 1 placed, 0 healthy, 1 unhealthy',
      ],
      'deployment bar': ['1 pending', '1 unhealthy'],
      'deployment facts': [
        holding('Deployment is running'),
        holding('Failed due to unhealthy allocations - no stable job version to auto revert to'),
      ],
      'diagnosis heading': ['What is wrong · proven', 'Why v14 failed · proven'],
      'release v14': [holding('Running (busy)'), holding('Failed (bad)')],
    },
  },
  { title: '20:25:59 the process ends', changes: logged('Starting clean up.') },
  {
    title: '20:26:01 the check passes while nothing runs',
    changes: {
      health: [UNHEALTHY, DEPLOYMENT_FAILED],
      ...check('critical', 'passing'),
      ...evidence('2021-09-22T20:26:01Z'),
      ...logged(CHECK_PASSED),
    },
  },
  {
    title: '20:26:02 the third restart',
    changes: { ...instance({ restarts: ['2', '3'] }), ...updated('20:25:56', '20:26:02') },
  },
  { title: '20:26:07 the instance is started', changes: logged('Starting instance') },
  { title: '20:26:08 the instance starts', changes: updated('20:26:02', '20:26:08') },
  {
    title: '20:26:10 the app logs again on which port it listens',
    changes: {
      ...evidence(`2021-09-22T20:26:10Zlog ${INSTANCE}20:26:10.402 [info] ${LISTENS}`),
      ...logged(LISTENS),
    },
  },
  {
    title: '20:26:12 the check begins anew',
    changes: check('passing', 'warning'),
  },
  {
    title: '20:26:22 the check fails',
    changes: {
      health: [DEPLOYMENT_FAILED, UNHEALTHY],
      ...check('warning', 'critical'),
      ...logged(CHECK_FAILED),
    },
  },
];
