import { onCall, onRequest } from "firebase-functions/https";
import { setGlobalOptions } from "firebase-functions/options";
import { callableOrigins, REGION, readConfig, serverSecret } from "./config";
import { guardPlatform } from "./doors/platform";
import type { Module } from "./doors/registry";
import type { Services } from "./services";

guardPlatform();
setGlobalOptions({
  region: REGION,
  memory: "512MiB",
  concurrency: 80,
  maxInstances: 20,
  timeoutSeconds: 330,
  secrets: [serverSecret],
});

/** Services are loaded with the first request: discovery does not need them, and has no settings. */
let ready: Promise<Services> | undefined;
let rest: ReturnType<typeof import("./doors/rest").createRestHandler> | undefined;

const load = () => {
  ready ??= start().catch((error) => {
    ready = undefined; // the next request tries again
    throw error;
  });
  return ready;
};

async function start(): Promise<Services> {
  const [{ build }, { finishDeletions }] = await Promise.all([
    import("./services"),
    import("./account/delete"),
  ]);
  const services = build(readConfig());
  finishDeletions(services).catch((error) => services.log.afterReply("removal", error));
  return services;
}

const callable = (module: Module) =>
  onCall({ cors: callableOrigins(), invoker: "public" }, async (request, response) => {
    const services = await load();
    const { serveCallable } = await import("./doors/callable");
    return serveCallable(module, request, response, services);
  });

export const api = onRequest({ invoker: "public" }, async (request, response) => {
  const [services, { createRestHandler }] = await Promise.all([load(), import("./doors/rest")]);
  rest ??= createRestHandler(() => services);
  await rest(request, response);
});
export const users = callable("users");
export const bots = callable("bots");
export const sessions = callable("sessions");
