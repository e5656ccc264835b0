import { execFile } from "node:child_process";
import { BOT, keyOf, startServer, type TestServer } from "./support";

let server: TestServer;
let bot: string;

beforeAll(async () => {
  server = await startServer();
  bot = (await server.rest.call("bots.create", BOT)).body.id;
});
afterAll(() => server.close());

type Said = { code: number; out: string; error: string };

/** Runs one command as an operator would, in a process of its own. */
const operate = (args: string[], env: Record<string, string> = {}): Promise<Said> =>
  new Promise((resolve) => {
    const clean = { ...process.env, GCLOUD_PROJECT: "", GOOGLE_CLOUD_PROJECT: "", ...env };
    execFile(process.execPath, ["operate/main.ts", ...args], { env: clean }, (error, out, problem) =>
      resolve({ code: error ? Number(error.code) : 0, out, error: problem }),
    );
  });

const onServer = async (...args: string[]): Promise<string> => {
  const { code, out, error } = await operate([...args, "--project", server.services.config.project]);
  expect({ code, error }).toEqual({ code: 0, error: "" });
  return out;
};

const showcased = async () => {
  const { data } = (await server.rest.call("bots.list", {}, { key: null })).body;
  return data.map(({ id }: { id: string }) => id);
};

test("showcase puts an assistant into everybody's lounge and takes it out", async () => {
  expect(await showcased()).toEqual([]);
  expect(await onServer("showcase", bot, "on")).toContain(`${bot} is showcased.`);
  expect(await showcased()).toEqual([bot]);
  expect(await onServer("showcase", bot, "off")).toContain("no longer");
  expect(await showcased()).toEqual([]);
});

test("deactivate takes an assistant down, activate puts it back; its text stays as it was", async () => {
  const before = (await server.rest.call("bots.get", { bot })).body;
  await onServer("deactivate", bot);
  expect((await server.rest.call("bots.get", { bot }, { key: null })).body.error.code).toBe("bot_not_found");
  expect((await server.rest.call("sessions.create", { bot })).body.error.code).toBe("bot_not_found");
  await onServer("activate", bot);
  const { updated_at: _, ...same } = before;
  expect((await server.rest.call("bots.get", { bot })).body).toMatchObject(same);
});

test("a suspended user's key is refused at every door, another's is not, and restore-key lets it in again", async () => {
  const key = keyOf("suspended");
  const { body } = await server.rest.call("users.sign_in", {}, { key });
  const { recovery_code } = (await server.rest.call("users.recovery_code", {}, { key })).body;
  expect(await onServer("suspend-key", body.user.id)).toContain("is suspended (keys: 2).");
  const recovery = { code: recovery_code, new_key: keyOf("way-around") };
  expect((await server.rest.call("users.recover", recovery, { key: null })).body.error.code).toBe(
    "key_refused",
  );
  for (const door of [server.rest, server.callable]) {
    for (const operation of ["users.get", "users.sign_in", "sessions.list"]) {
      const refused = await door.call(operation, {}, { key });
      expect(refused.status).toBe(401);
      expect(refused.body.error).toMatchObject({
        code: "key_refused",
        message: expect.stringMatching(/suspended/),
      });
    }
  }
  expect((await server.rest.call("users.get")).status).toBe(200);
  await onServer("restore-key", body.user.id);
  expect((await server.rest.call("users.get", {}, { key })).body.user.id).toBe(body.user.id);
});

test("stats count users, assistants and sessions", async () => {
  const { session } = (await server.rest.call("sessions.create", { bot })).body;
  await server.rest.call("sessions.create", { bot });
  await server.rest.call("sessions.end", { session: session.id });
  await server.rest.call("users.create_app_key", { name: "Server", kind: "secret" });
  const numbers = Object.fromEntries(
    [...(await onServer("stats")).matchAll(/^ *(\w[\w ]*?) +(\d+)$/gm)].map(([, name, number]) => [
      name,
      number,
    ]),
  );
  expect(numbers).toEqual({
    users: "2",
    "app keys": "1",
    assistants: "1",
    showcased: "0",
    "taken down": "0",
    "sessions started": "2",
    "sessions ended": "1",
  });
});

test.each([
  ["an unknown command", ["frobnicate"], 'There is no command "frobnicate"'],
  ["a missing word", ["showcase", "x".repeat(20)], "Usage: showcase <bot> on|off"],
  ["a wrong word", ["showcase", "x".repeat(20), "maybe", "--project", "demo-x"], "say on or off"],
  ["an unknown option", ["stats", "--force"], "--force"],
  ["no project", ["stats"], "Which project?"],
  [
    "an assistant that is not there",
    ["activate", "x".repeat(20), "--project", "demo-x"],
    "There is no assistant",
  ],
  ["a path for an assistant", ["activate", "a/versions/1", "--project", "demo-x"], "There is no assistant"],
  ["a user that is not there", ["suspend-key", "x".repeat(20), "--project", "demo-x"], "There is no user"],
])("%s is one clear line and exit code 1", async (_, args, message) => {
  const { code, out, error } = await operate(args);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(error).toContain(message);
  expect(error.trim().split("\n")).toHaveLength(1);
});

test("a database that does not answer is given up on in time", async () => {
  const args = ["stats", "--project", "demo-x", "--timeout", "1"];
  const { code, error } = await operate(args, { FIRESTORE_EMULATOR_HOST: "127.0.0.1:9" });
  expect(code).toBe(1);
  expect(error).toContain("Firestore did not answer in time (project demo-x, emulator at 127.0.0.1:9).");
});

test("a real project without credentials says how to get some", async () => {
  const nowhere = { FIRESTORE_EMULATOR_HOST: "", GOOGLE_APPLICATION_CREDENTIALS: "", HOME: "/nonexistent" };
  const { code, error } = await operate(["stats", "--project", "demo-x"], nowhere);
  expect(code).toBe(1);
  expect(error).toContain("gcloud auth application-default login");
});

test("--help names every command", async () => {
  const { code, out } = await operate(["--help"]);
  expect(code).toBe(0);
  for (const name of ["showcase", "deactivate", "activate", "suspend-key", "restore-key", "stats"]) {
    expect(out).toMatch(new RegExp(`^ +${name} `, "m"));
  }
});
