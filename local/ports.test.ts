import { createServer } from "node:net";
import { freePort, isFree, parsePort } from "./ports.ts";

test("a port is free until somebody listens", async () => {
  const port = await freePort();
  expect(await isFree(port)).toBe(true);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await isFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
});

test.each(["0", "65536", "-1", "80.5", "1e3", "x", ""])("%p is no port", (value) => {
  expect(() => parsePort("GPTLAB_PORT_AUTH", value)).toThrow("GPTLAB_PORT_AUTH");
});
