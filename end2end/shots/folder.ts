/** Where the pictures of all places go, seen from the folder of the tests. */
export const FOLDER = '../target/shots';
