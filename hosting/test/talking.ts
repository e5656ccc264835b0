import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { type DemoModel, startDemoModel } from "../../local/demo-model/server.ts";
import { freePorts, type LocalStack, startLocal } from "../../local/test/local-stack";
import { startVisit, type Visit } from "./browser";

const KEY = "sk-demo-many-second-thoughts-0123";

/** A signed-in visitor before the real page, with a demo model whose requests can be counted. */
export type Talking = {
  demo: DemoModel;
  stack: LocalStack;
  visit: Visit;
  /** An assistant of the lounge. */
  bot: string;
  /** One call of the API with the visitor's key. */
  call: (method: string, path: string, body?: object) => ReturnType<Response["json"]>;
  /** Opens a session with these messages in it; answers its address. */
  opened: (messages?: string[], bot?: string, model?: string) => Promise<string>;
  stop: () => Promise<void>;
};

/** Signs every page of this context in. */
export const signIn = (context: BrowserContext) =>
  context.addInitScript((key) => sessionStorage.setItem("gptlab.key", key), KEY);

/** Starts a stack of its own, a browser, and signs in. */
export async function startTalking(project: string): Promise<Talking> {
  const folder = mkdtempSync(join(tmpdir(), `gptlab-${project}-`));
  const demo = await startDemoModel({ port: 0, delayMs: 25 });
  const settings = { OPENAI_BASE_URL: demo.url };
  const stack = await startLocal(project, join(folder, "data"), await freePorts(), settings);
  const call: Talking["call"] = async (method, path, body) => {
    const response = await fetch(`${stack.page}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  };
  const bot = (await call("GET", "/bots?filter=showcased")).data[0].id;
  const visit = await startVisit();
  await signIn(visit.page.context());
  return {
    demo,
    stack,
    visit,
    bot,
    call,
    async opened(messages = [], of = bot, model) {
      const { id } = (await call("POST", "/sessions", { bot: of })).session;
      for (const message of messages) {
        await call("POST", `/sessions/${id}/messages`, { message, ...(model ? { model } : {}) });
      }
      return `${stack.page}/a/${of}/${id}`;
    },
    async stop() {
      await visit.browser.close();
      await stack.stop();
      await demo.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a visitor sees of a conversation, and does in it. */
export function talkOn(page: Page) {
  const replies = () => page.getByTestId("message-assistant");
  const words = () => page.getByTestId("message-user");
  const field = () => page.getByRole("textbox", { name: "Your message" });
  const write = async (text: string) => {
    await field().fill(text);
    await page.keyboard.press("Enter");
  };
  /** Waits until so many replies are there and nothing is on its way. */
  const settled = async (count: number) => {
    await replies()
      .nth(count - 1)
      .waitFor();
    await page.locator(".messages[aria-busy=false]").waitFor();
    expect(await replies().count()).toBe(count);
  };
  return {
    replies,
    words,
    field,
    write,
    settled,
    button: (name: string) => page.getByRole("button", { name, exact: true }),
    tool: (name: string) => page.getByRole("button", { name }),
    async say(text: string) {
      const before = await replies().count();
      await write(text);
      await settled(before + 1);
    },
    /** Picks a model as a former visit to this conversation would have left it, for the names that no list holds. */
    async pick(model: string) {
      const place = `gptlab.model.${page.url().split("/").at(-1)}`;
      await page.evaluate(([name, value]) => sessionStorage.setItem(name, value), [place, model] as const);
      await page.reload();
    },
  };
}
