import { BOT, type Door, type TestServer } from "./support";

/** The short way to call one door. */
export const client = (door: () => Door) => ({
  make: async (more = {}): Promise<string> => (await door().call("bots.create", { ...BOT, ...more })).body.id,
  get: async (bot: string) => (await door().call("bots.get", { bot })).body,
  update: async (bot: string, change: object) => (await door().call("bots.update", { bot, ...change })).body,
  versions: async (bot: string, more = {}) =>
    (await door().call("bots.list_versions", { bot, ...more })).body,
  restore: async (bot: string, version: number) => (await door().call("bots.restore", { bot, version })).body,
  start: async (bot: string) => (await door().call("sessions.create", { bot })).body.session.id as string,
});

export const bare = ({ status, body }: Awaited<ReturnType<Door["call"]>>) => [
  status,
  { ...body.error, request_id: "" },
];

/** What the last model call was given as the assistant's prompt, and with which settings. */
export const lastAsked = (server: TestServer) => {
  const body = server.demo.requests.at(-1)?.body as {
    messages: { content: string }[];
    [name: string]: unknown;
  };
  return { ...body, prompt: body.messages[0]?.content };
};
