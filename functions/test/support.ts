import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createParser } from "eventsource-parser";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { onCall } from "firebase-functions/https";
import { type DemoModel, startDemoModel } from "../../local/demo-model/server";
import type { Config } from "../src/config";
import { serveCallable } from "../src/doors/callable";
import { MODULES, REGISTRY } from "../src/doors/registry";
import { createRestHandler } from "../src/doors/rest";
import { createLog } from "../src/log";
import type { UpstreamOptions } from "../src/openai/upstream";
import type { RateLimits } from "../src/protection/rate-limits";
import { build, type Services } from "../src/services";

export const KEY = "sk-demo-0123456789abcdef";
export const keyOf = (name: string) => `sk-demo-${name}-0123456789`;

export const BOT = {
  name: "Nori",
  tag_line: "Patient coach",
  description: "Helps you think.",
  session_type: "brainstorming",
  initial_prompt:
    "You are Nori, a patient coach. Introduce yourself. The secret word of this prompt is xylophone-marker.",
  summary_prompt: "Please summarise our conversation in bullet points.",
  model_config: { model: "gpt-4.1-mini", max_tokens: 500 },
};

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client would, field by field
  body: any;
  headers: Headers;
  deltas: string[];
};
type CallOptions = {
  key?: string | null;
  stream?: boolean;
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** What a page's visitor shows with a publishable app key. */
  visitorSecret?: string;
  origin?: string;
};
export type Door = {
  name: string;
  call: (operation: string, input?: Record<string, unknown>, options?: CallOptions) => Promise<Answer>;
};

export type TestServer = {
  services: Services;
  demo: DemoModel;
  url: string;
  logged: string[];
  rest: Door;
  callable: Door;
  close: () => Promise<void>;
};

type Setup = {
  secrets?: [string, ...string[]];
  /** Another server, whose data and provider this one shares. */
  beside?: TestServer;
  now?: () => Date;
  upstream?: UpstreamOptions;
  wrapFirestore?: (firestore: Firestore) => Firestore;
  delayMs?: number;
  /** Far away unless a test is about them. */
  limits?: Partial<RateLimits>;
  moderation?: Config["moderation"];
};

/** The real doors over real HTTP, the Firestore emulator, and the demo model: one project for each caller. */
export async function startServer(setup: Setup = {}): Promise<TestServer> {
  const project = setup.beside?.services.config.project ?? `demo-${randomUUID().slice(0, 13)}`;
  const demo = setup.beside?.demo ?? (await startDemoModel({ port: 0, delayMs: setup.delayMs ?? 1 }));
  const firebase = initializeApp({ projectId: project }, randomUUID());
  const firestore = getFirestore(firebase);
  firestore.settings({ ignoreUndefinedProperties: true });
  const logged: string[] = [];
  const config: Config = {
    openaiBaseUrl: demo.url,
    serverSecrets: setup.secrets ?? ["a test secret of at least 32 characters"],
    project,
    origins: ["https://allowed.example"],
    streamBase: "http://127.0.0.1/v1",
    moderation: setup.moderation ?? "report",
    demoKey: null,
  };
  const services = build(config, {
    firestore: setup.wrapFirestore?.(firestore) ?? firestore,
    log: createLog((line) => logged.push(line)),
    now: setup.now,
    upstream: { retry: { baseMs: 5 }, ...setup.upstream },
    limits: setup.limits ?? { key: 1e6, appKey: 1e6, address: 1e6, failedSignIns: 1e6 },
  } as Parameters<typeof build>[1]);
  const server = await listen(mount(services));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    services,
    demo,
    url,
    logged,
    rest: { name: "REST", call: (...args) => callRest(url, ...args) },
    callable: { name: "callable", call: (...args) => callCallable(url, ...args) },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (!setup.beside) await demo.close();
      await deleteApp(firebase);
    },
  };
}

/** The same cases through each door. */
export function describeDoors(
  name: string,
  cases: (door: () => Door, server: () => TestServer) => void,
): void {
  describe.each(["rest", "callable"] as const)(`${name} through %s`, (door) => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.close());
    cases(
      () => server[door],
      () => server,
    );
  });
}

const listen = (handler: RequestListener) =>
  new Promise<Server>((resolve) => {
    const server = createServer(handler).listen(0, "127.0.0.1", () => resolve(server));
  });

/** REST at /v1, callables at their names, as the functions framework hands requests over. */
function mount(services: Services): RequestListener {
  const rest = createRestHandler(() => services);
  const callables = new Map(
    MODULES.map((module) => [
      module as string,
      onCall({ cors: true }, (request, response) => serveCallable(module, request, response, services)),
    ]),
  );
  return async (request, response) => {
    const [, first = "", ...suffix] = (request.url ?? "/").split("/");
    const callable = callables.get(first);
    if (!callable) return rest(request, response);
    const body = await readBody(request);
    const framework = {
      res: response,
      url: `/${suffix.join("/")}`,
      body: JSON.parse(body || "null"),
      rawBody: Buffer.from(body),
    };
    const header = (name: string) => request.headers[name.toLowerCase()];
    const express = Object.assign(response, {
      status: (code: number) => Object.assign(response, { statusCode: code }),
      send: (data: unknown) =>
        response.setHeader("content-type", "application/json").end(JSON.stringify(data)),
    });
    await callable(Object.assign(request, framework, { header, get: header }) as never, express as never);
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function callRest(
  url: string,
  operation: string,
  input: Record<string, unknown> = {},
  { key = KEY, stream = false, idempotencyKey, signal, visitorSecret, origin }: CallOptions = {},
): Promise<Answer> {
  const found = REGISTRY.find(({ name }) => name === operation);
  if (!found) throw new Error(`no operation ${operation}`);
  const [method = "", route = ""] = found.route.split(" ");
  const rest = { ...input };
  const path = route.replace(/\{(\w+)\}/g, (_, name) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const bodyless = method === "GET" || method === "DELETE";
  const query = bodyless ? new URLSearchParams(rest as Record<string, string>).toString() : "";
  const response = await fetch(`${url}/v1${path}${query ? `?${query}` : ""}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(stream ? { accept: "text/event-stream" } : {}),
      ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
      ...(visitorSecret === undefined ? {} : { "x-visitor-secret": visitorSecret }),
      ...(origin ? { origin } : {}),
    },
    ...(bodyless ? {} : { body: JSON.stringify(rest) }),
    ...(signal ? { signal } : {}),
  });
  const { status, headers } = response;
  const file = /filename="(.+)"/.exec(headers.get("content-disposition") ?? "");
  if (file) {
    const content_type = headers.get("content-type");
    const content = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
    return { status, headers, body: { filename: file[1], content_type, content }, deltas: [] };
  }
  if (!headers.get("content-type")?.startsWith("text/event-stream")) {
    return { status, headers, body: await response.json(), deltas: [] };
  }
  const deltas: string[] = [];
  let body: unknown;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "delta") deltas.push(JSON.parse(data).text);
      else body = JSON.parse(data);
    },
  });
  parser.feed(await response.text());
  return { status, headers, body, deltas };
}

async function callCallable(
  url: string,
  operation: string,
  input: Record<string, unknown> = {},
  { key = KEY, stream = false, idempotencyKey, signal, visitorSecret, origin }: CallOptions = {},
): Promise<Answer> {
  const [module, verb] = operation.split(".");
  const data = {
    ...input,
    operation: verb,
    ...(key === null ? {} : { api_key: key }),
    ...(idempotencyKey ? { idempotency_key: idempotencyKey } : {}),
    ...(visitorSecret === undefined ? {} : { visitor_secret: visitorSecret }),
  };
  const response = await fetch(`${url}/${module}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(stream ? { accept: "text/event-stream" } : {}),
      ...(origin ? { origin } : {}),
    },
    body: JSON.stringify({ data }),
    ...(signal ? { signal } : {}),
  });
  const { status, headers } = response;
  const deltas: string[] = [];
  let answer: { result?: unknown; error?: { details: Record<string, unknown> } } = {};
  const text = await response.text();
  if (text.startsWith("data:")) {
    const parser = createParser({
      onEvent: ({ data: line }) => {
        const event = JSON.parse(line);
        if (event.message) deltas.push(event.message.text);
        else answer = event;
      },
    });
    parser.feed(text);
  } else answer = JSON.parse(text);
  const body = answer.error ? { error: answer.error.details ?? answer.error } : answer.result;
  return { status: answer.error ? status : 200, headers, body, deltas };
}
