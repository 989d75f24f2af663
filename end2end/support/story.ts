// The story that most tests play: the failed deployment of version 14, as a person captured it.

/** The app whose deployment fails. */
export const FAILING = 'crimson-wildflower-1711';
export const FAILING_PAGE = `/apps/${FAILING}`;
/** Its one instance. */
export const INSTANCE = 'e80d7fbd';
/** A quiet, healthy app of several regions and process groups. */
export const HEALTHY = 'tidewater-api';
export const HEALTHY_PAGE = `/apps/${HEALTHY}`;
/** The step at which all of the story has happened. */
export const LAST_STEP = 35;
/** The first step at which the check has failed, so that there is a finding with evidence. */
export const CHECK_FAILED_STEP = 6;
