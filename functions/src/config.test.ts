import { callableOrigins, parseConfig } from "./config";
import { Failure } from "./errors";

const RAW = {
  OPENAI_BASE_URL: "https://api.openai.com/v1/",
  ALLOWED_ORIGINS: " https://a.example/path, http://localhost:3000 ",
  MODERATION: "report",
  STREAM_BASE: "",
  DEMO_KEY: "",
  SERVER_SECRET: "0123456789abcdef0123456789abcdef",
  GCLOUD_PROJECT: "lab",
};

test("settings are parsed once, with their defaults worked out", () => {
  expect(parseConfig(RAW)).toEqual({
    openaiBaseUrl: "https://api.openai.com/v1",
    serverSecrets: [RAW.SERVER_SECRET],
    project: "lab",
    origins: [
      "https://lab.web.app",
      "https://lab.firebaseapp.com",
      "https://a.example",
      "http://localhost:3000",
    ],
    moderation: "report",
    streamBase: "https://us-central1-lab.cloudfunctions.net/api/v1",
    demoKey: null,
  });
});

test("while the secret is rotated it has several lines, the newest first", () => {
  const [newest, earlier] = ["n".repeat(32), "a secret with spaces, of 32 characters"];
  const { serverSecrets } = parseConfig({ ...RAW, SERVER_SECRET: `${newest}\r\n\n ${earlier}\n` });
  expect(serverSecrets).toEqual([newest, earlier]);
  expect(() => parseConfig({ ...RAW, SERVER_SECRET: `${newest}\nshort` })).toThrow(Failure);
});

test("the callables' origins never fail, and hold the project's own and the configured ones", () => {
  expect(callableOrigins({})).toHaveLength(2);
  expect(callableOrigins({ GCLOUD_PROJECT: "lab", ALLOWED_ORIGINS: " https://a.example, " })).toEqual([
    "https://lab.web.app",
    "https://lab.firebaseapp.com",
    "https://a.example",
  ]);
});

test.each([
  ["OPENAI_BASE_URL", "ftp://x"],
  ["ALLOWED_ORIGINS", "nonsense"],
  ["SERVER_SECRET", "short-secret"],
  ["STREAM_BASE", "x"],
  ["MODERATION", "perhaps"],
])("a wrong %s is named for the log, and its value never repeated", (name, value) => {
  const attempt = () => parseConfig({ ...RAW, [name]: value });
  expect(attempt).toThrow(Failure);
  try {
    attempt();
  } catch (error) {
    const { message, cause } = error as Failure;
    expect(message).not.toContain(name);
    expect(String((cause as Error).message)).toContain(name);
    expect(String((cause as Error).message)).not.toContain(value);
  }
});
