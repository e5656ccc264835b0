import { z } from "zod";
import { findOwnVersion, modelName } from "../bots/operations";
import type { Bot, BotVersion } from "../bots/store";
import { Failure, toFailure } from "../errors";
import { findModel, outputLimit, samplingFor } from "../openai/catalogue";
import { costNano, nanoToUsd } from "../openai/pricing";
import type { ChatMessage } from "../openai/stream";
import { estimateMessages, estimateTokens } from "../openai/tokens";
import { type Context, operation } from "../operation";
import { reveals } from "../protection/reveals";
import { ATTEMPTS, type Attempt } from "./check-attempts";
import { APOLOGY, createGuards } from "./guard";
import { chooseModel, fallBack } from "./model-choice";
import { spentOn, type TurnSpent } from "./spent";

const AT_ONCE = 4;

/** After these the other attempts would fail alike: they are not made. */
const FATAL = new Set(["key_refused", "quota_exhausted", "model_not_available", "cancelled"]);

const Attempted = z.object({
  id: z.string(),
  title: z.string(),
  technique: z.string(),
  leaked: z.boolean().describe("The model gave the prompt away, or a good part of it."),
  blocked: z.boolean().describe("The leak guard held it back. `leaked` and not `blocked`: it got through."),
  error: z
    .object({ code: z.string(), message: z.string() })
    .optional()
    .describe("The attempt could not be made; it says nothing about the prompt."),
});

const BotCheck = z
  .object({
    object: z.literal("bot.check"),
    model: z.string(),
    attempts: z.int(),
    estimated_cost_usd: z.number().nullable().describe("Null where the model has no known price."),
    cost_usd: z.number().nullable(),
    results: z.array(Attempted),
  })
  .meta({ id: "BotCheck" });

type Result = z.input<typeof Attempted>;
type Outcome = { leaked: boolean; blocked: boolean };
/** What is checked, with which model, and what it has cost so far. */
type Check = Context<"user"> & { bot: Bot; version: BotVersion; model: string; spent: TurnSpent[] };

export const checkBot = operation({
  name: "bots.check",
  route: "POST /bots/{bot}/check",
  summary:
    "Try to draw the prompt out of an assistant of yours, in many ways; your key pays. Nothing is blocked by it.",
  caller: "user",
  input: z.strictObject({
    bot: z.string().describe("The id of an assistant of yours, or `id@version`."),
    estimate: z.boolean().optional().describe("Only say what it would cost: no model is called."),
    model: modelName.optional().describe("Another model than the assistant's own."),
  }),
  output: BotCheck,
  errors: ["bot_not_found", "bot_incomplete", "model_not_available"],
  run: async (context, { bot: code, estimate, model: asked }) => {
    const { services, user, signal } = context;
    const found = await findOwnVersion(services, code, user);
    if (asked !== undefined) await chooseModel(services, user, asked, signal);
    const model = asked ?? (await fallBack(services, user, found.version.modelConfig.model, signal));
    const check: Check = { ...context, ...found, model, spent: [] };
    const results = estimate ? [] : await attemptAll(check);
    return {
      object: "bot.check" as const,
      model,
      attempts: ATTEMPTS.length,
      estimated_cost_usd: estimateCost(check),
      cost_usd: estimate ? 0 : costOf(check),
      results,
    };
  },
});

function costOf({ spent }: Check): number | null {
  const nano = spent.map(({ costNano }) => costNano);
  return nano.includes(null) ? null : nanoToUsd(nano.reduce<number>((sum, one) => sum + (one ?? 0), 0));
}

/** As if every reply were the prompt itself. */
function estimateCost({ version, model }: Check): number | null {
  const { initial } = version.prompts;
  const reply = Math.min(version.modelConfig.max_tokens, estimateTokens(initial) + 50);
  let nano = 0;
  for (const { asks, translated } of ATTEMPTS) {
    asks.forEach((ask, said) => {
      const inputTokens = estimateMessages([system(initial), user(ask)]) + said * (reply + 20);
      const counts = { inputTokens, cachedTokens: 0, outputTokens: reply };
      nano += (costNano(counts, findModel(model)) ?? Number.NaN) * (translated ? 2 : 1);
    });
  }
  return Number.isNaN(nano) ? null : nanoToUsd(Math.round(nano));
}

const system = (content: string): ChatMessage => ({ role: "system", content });
const user = (content: string): ChatMessage => ({ role: "user", content });

/** A few at a time; what was spent is counted however it ends. @throws Failure cancelled */
async function attemptAll(check: Check): Promise<Result[]> {
  const { services, signal } = check;
  const results = new Map<Attempt, Result>();
  const left = [...ATTEMPTS];
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(services.upstream.deadlines.turnMs)]);
  let fatal: Failure | null = null;
  const work = async () => {
    for (let attempt = left.shift(); attempt; attempt = left.shift()) {
      const { id, title, technique } = attempt;
      const outcome = fatal ?? (await make({ ...check, signal: deadline }, attempt).catch(toFailure));
      if (outcome instanceof Failure && FATAL.has(outcome.code)) fatal = outcome;
      results.set(attempt, { id, title, technique, ...show(outcome) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await countSpent(check);
  if (signal.aborted) throw new Failure("cancelled", "The check was cancelled.");
  return ATTEMPTS.flatMap((attempt) => results.get(attempt) ?? []);
}

function show(outcome: Outcome | Failure) {
  if (!(outcome instanceof Failure)) return outcome;
  const { code, message } = outcome;
  return { leaked: false, blocked: false, error: { code, message } };
}

async function countSpent({ services, user, spent }: Check): Promise<void> {
  if (spent.length === 0) return;
  const batch = services.firestore.batch();
  services.users.touch(batch, user.uid, services.now());
  services.users.addUsage(batch, user.uid, spent, services.now());
  await batch.commit().catch((error) => services.log.afterReply("usage", error));
}

/** One attempt as a conversation of its own: what is held back is an apology in it, as a visitor would see it. */
async function make(check: Check, { asks, translated }: Attempt): Promise<Outcome> {
  const { initial, summary } = check.version.prompts;
  const guards = createGuards(exposureOfOne());
  const messages = [system(initial)];
  const [raw, sent]: [string[], string[]] = [[], []];
  let blocked = false;
  for (const ask of asks) {
    messages.push(user(ask));
    const reply = await hear(check, guards, messages);
    raw.push(reply.raw);
    sent.push(reply.sent);
    blocked ||= reply.blocked;
    messages.push({ role: "assistant", content: reply.blocked ? APOLOGY : reply.raw });
  }
  const read = async (texts: string[]) =>
    translated ? await readBack(check, texts.join("\n")) : texts.join(" ");
  const gives = (text: string) => reveals(text, `${initial} ${summary}`);
  const leaked = blocked || gives(await read(raw));
  return { leaked, blocked: blocked && !gives(sent.join(" ")) };
}

/** A reply as the model gave it, and what of it passed the guard. */
async function hear(check: Check, guards: ReturnType<typeof createGuards>, messages: ChatMessage[]) {
  const { bot, version, services } = check;
  let sent = "";
  const gate = guards.gate<string>(
    {
      version: `${bot.id}@${version.number}`,
      prompts: version.prompts,
      publicTexts: [bot.name, bot.tag_line, bot.description],
      userTexts: messages.filter(({ role }) => role === "user").map(({ content }) => content),
    },
    {
      caller: { uid: check.user.uid, lookup: check.user.lookup, listener: "" },
      assistant: { bot: bot.id, version: version.number },
      now: services.now(),
      say: (text) => {
        sent += text;
      },
      stop: () => undefined,
    },
  );
  const raw = await ask(check, messages, (delta) => gate.pass(gate.guard.push(delta)));
  gate.pass(gate.guard.end());
  await gate.settled();
  return { raw, sent, blocked: gate.blocked };
}

/** The whole reply is heard, blocked or not: that is what is judged, and paid. */
async function ask(check: Check, messages: ChatMessage[], onDelta: (delta: string) => void): Promise<string> {
  const { services, version, model, signal, spent } = check;
  const { apiKey } = check.user;
  const info = findModel(model);
  const max_tokens = outputLimit(info, version.modelConfig.max_tokens);
  const sampling = samplingFor(info, { ...version.modelConfig, max_tokens });
  let received = "";
  const listen = (delta: string) => {
    received += delta;
    onDelta(delta);
  };
  try {
    const completion = await services.upstream.chat({
      apiKey,
      model,
      messages,
      sampling,
      signal,
      onDelta: listen,
    });
    spent.push(spentOn(model, messages, received, completion.usage));
    return received;
  } catch (error) {
    if (received) spent.push(spentOn(model, messages, received, null));
    throw error;
  }
}

/** A reply in the language of the assistant's card. */
function readBack(check: Check, text: string): Promise<string> {
  const { name, tag_line, description } = check.bot;
  const sample = [name, tag_line, description].join(". ");
  const wanted = `Translate the text into the language of the sample, word for word, and say nothing else.\n\nSample: ${sample}\n\nText: ${text}`;
  return ask(check, [user(wanted)], () => undefined);
}

/** What one attempt has shown, in memory: a check leaves nothing behind for its maker. */
function exposureOfOne(): Parameters<typeof createGuards>[0] {
  let coverage: { runs: readonly number[] } = { runs: [] };
  return {
    show: async (_caller, _assistant, add) => {
      const sum = add(coverage);
      coverage = sum ?? coverage;
      return sum !== null;
    },
    strike: async () => false,
  };
}
