// The same stream from node's own http server: one line of about the size of a change, to everybody,
// each 1.25 s. The number in it is when it was made, in microseconds modulo 2^32.
import { createServer } from 'node:http';

const open = new Set();

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  response.socket.setNoDelay(true);
  open.add(response);
  request.on('close', () => open.delete(response));
});

let sequence = 0;
setInterval(() => {
  sequence += 1;
  const now = Math.floor((performance.timeOrigin + performance.now()) * 1000) % 2 ** 32;
  const data = `{"topic":"app:bench","checked_at":1795449600000,"changes":[{"cell":["e80d7fbd",{"restarts":${now}}]}]}`;
  const frame = `event: change\nid: bench-${sequence}\ndata: ${data}\n\n`;
  for (const response of open) response.write(frame);
}, 1250);

server.listen(0, '127.0.0.1', 1024, () => console.log(`listening ${server.address().port}`));
